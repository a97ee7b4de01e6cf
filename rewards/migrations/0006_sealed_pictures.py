"""Pictures and signatures become sealed. What was kept in clear stays readable, and is sealed here, a few at a time.

Interrupted, it goes on where it stopped: each lot is a transaction of its own, and only what lies in clear is taken.
"""

from typing import Any, ClassVar

from django.db import migrations, transaction
from django.db.models.expressions import RawSQL

import households.sealing.fields

AT_ONCE = 50  # a photo may have some hundred kilobytes
CLEAR = RawSQL("SELECT digest FROM rewards_picture WHERE get_byte(content, 0) >= 32 LIMIT %s", [AT_ONCE])


def seal(apps: Any, _editor: Any) -> None:
    """Written back, a picture is sealed."""
    pictures = apps.get_model("rewards", "Picture").objects
    while rows := list(pictures.filter(pk__in=CLEAR).only("content")):
        with transaction.atomic():
            for row in rows:
                pictures.filter(pk=row.pk).update(content=row.content)


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("rewards", "0005_trail")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "picture", "content", households.sealing.fields.SealedBytesField(verbose_name="内容（密文）")
                )
            ]
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
