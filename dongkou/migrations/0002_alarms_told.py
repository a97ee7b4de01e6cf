import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dongkou", "0001_key_prints"), ("households", "0033_alarm_of_running")]

    operations = [
        migrations.CreateModel(
            name="AlarmTold",
            fields=[
                (
                    "alarm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="households.alarm",
                        verbose_name="报警",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="送出时间")),
            ],
            options={"verbose_name": "送出的报警"},
        ),
        # What was raised before there was a way out is old news.
        migrations.RunSQL(
            "INSERT INTO dongkou_alarmtold (alarm_id, at) SELECT id, now() FROM households_alarm",
            migrations.RunSQL.noop,
        ),
    ]
