"""Indexes for what waits for a second person, a handful among all events, and for a place that is taken out, looked for by its objections."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0024_forced_early'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='scoreevent',
            index=models.Index('code', condition=Q(confirmed_at=None, withdrawn_at=None), name='event_pending'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index('village', name='objection_by_place'),
        ),
    ]
