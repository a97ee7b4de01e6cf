from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0007_year_arrangement")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="KeptMoment",
            fields=[
                ("name", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "记住的时刻"},
        ),
    ]
