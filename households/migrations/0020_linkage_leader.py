from typing import ClassVar

from django.db import migrations, models

WATCH = "SELECT trail_watch('households_linkage'); SELECT trail_watch('households_department')"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0019_posts_held")]
    operations: ClassVar = [
        migrations.AddField(
            "linkage",
            "leader",
            models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="联系领导"),
        ),
        migrations.RunSQL(WATCH, "SELECT trail_unwatch('households_department')"),
    ]
