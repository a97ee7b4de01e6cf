from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dongkou", "0002_alarms_told")]

    operations = [
        migrations.CreateModel(
            name="TableSize",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("name", models.CharField(blank=True, db_collation="C", max_length=63, verbose_name="表")),
                ("rows", models.BigIntegerField(verbose_name="行数")),
                ("bytes", models.BigIntegerField(verbose_name="字节")),
            ],
            options={
                "verbose_name": "表的大小",
                "constraints": [
                    models.UniqueConstraint(fields=("day", "name"), name="table_size_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gte", 0), ("rows__gte", 0)), name="table_size_not_negative"
                    ),
                ],
            },
        )
    ]
