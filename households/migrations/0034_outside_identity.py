import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0033_alarm_of_running")]

    operations = [
        migrations.AddField(
            "signin",
            "through_provider",
            models.BooleanField(db_default=False, default=False, verbose_name="经统一身份认证"),
        ),
        migrations.CreateModel(
            "OutsideIdentity",
            [
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outside_identity",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("issuer", models.CharField(db_collation="C", max_length=300)),
                ("claim", models.CharField(db_collation="C", max_length=100)),
                ("subject", models.CharField(db_collation="C", max_length=255, verbose_name="身份")),
                ("since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="绑定时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"verbose_name": "统一身份认证"},
        ),
        migrations.AddConstraint(
            "outsideidentity",
            models.UniqueConstraint(
                models.F("issuer"), models.F("claim"), models.F("subject"), name="outside_identity_of_one_account"
            ),
        ),
        migrations.AddConstraint(
            "outsideidentity",
            models.CheckConstraint(
                condition=models.Q(("subject", ""), _negated=True), name="outside_identity_names_somebody"
            ),
        ),
        migrations.RunSQL(
            "SELECT trail_watch('households_outsideidentity')", "SELECT trail_unwatch('households_outsideidentity')"
        ),
    ]
