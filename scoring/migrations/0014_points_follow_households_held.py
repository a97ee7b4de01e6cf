from typing import ClassVar

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0013_points_follow_households")]
    operations: ClassVar = [ValidateConstraint("pointentry", "entry_fits_its_kind")]
