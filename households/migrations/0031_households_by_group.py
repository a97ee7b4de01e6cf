"""Taking a register back takes its groups out, and each of them is looked for among the households: by an index, in one look each."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0030_outbox'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='household',
            index=models.Index('group', name='household_by_group'),
        ),
    ]
