"""What waits for a second person is a handful among all events: an index of those alone, made in one look at the table."""

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
    ]
