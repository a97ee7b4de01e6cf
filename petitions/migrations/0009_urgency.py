from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0007_erasing_promises")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                fields=["due_on", "-id"],
                include=("place", "state", "paused", "channel", "content", "kind"),
                name="petition_by_urgency",
            ),
        ),
    ]
