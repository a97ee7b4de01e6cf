from typing import ClassVar

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0011_archived_in")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="mark", name="since", field=models.DateTimeField(db_default=Now(), verbose_name="从何时起")
        ),
    ]
