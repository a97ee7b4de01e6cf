from django.db import migrations, models

KINDS = [
    ("drift", "分数、积分与记录不符"),
    ("chain", "积分账链断了"),
    ("trail", "留痕或审计记录被动过"),
    ("petition", "信访件的期限与记录不符"),
    ("failed", "核对没有做完"),
    ("running", "系统运行有问题"),
]


class Migration(migrations.Migration):
    dependencies = [("households", "0032_plate_runs")]

    operations = [
        migrations.AlterField("alarm", "kind", models.CharField(choices=KINDS, max_length=10, verbose_name="种类")),
        migrations.RemoveConstraint("alarm", "alarm_kind_known"),
        migrations.AddConstraint(
            "alarm",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _ in KINDS])), name="alarm_kind_known"
            ),
        ),
    ]
