from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0028_alarms")]
    operations: ClassVar = [
        migrations.AddIndex("auditevent", models.Index(models.F("actor"), models.F("id"), name="audit_by_actor")),
        migrations.AddIndex("auditevent", models.Index(models.F("action"), models.F("id"), name="audit_by_action")),
    ]
