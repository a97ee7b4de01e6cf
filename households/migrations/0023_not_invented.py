from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """No code of a training village stands among the county's places, and so none of what hangs on a place."""

    dependencies: ClassVar = [("households", "0022_own_data")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                name="division_is_not_invented", condition=models.Q(code__regex="^99", _negated=True)
            ),
        ),
    ]
