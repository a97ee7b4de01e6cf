"""Pictures and signatures are sealed from now on. What lies in clear is read as it is and sealed by `manage.py set_up`."""

from typing import ClassVar

from django.db import migrations

import households.sealing.fields


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rewards", "0005_trail")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "picture", "content", households.sealing.fields.SealedBytesField(verbose_name="内容（密文）")
                )
            ]
        )
    ]
