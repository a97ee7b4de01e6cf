from typing import ClassVar

from django.db import migrations, models

FILL = """
UPDATE petitions_clockrun s SET county = left(p.number, 6), channel = p.channel, kind = p.kind, secret = p.content = 'accusation'
FROM petitions_petition p WHERE p.id = s.petition_id;
UPDATE petitions_answerrow s SET county = left(p.number, 6), channel = p.channel, kind = p.kind, secret = p.content = 'accusation',
    office = COALESCE((SELECT t.score FROM petitions_rating t
        WHERE (t.petition_id, t.round, t.subject) = (s.petition_id, s.round, 'office')), ''),
    unit = COALESCE((SELECT t.score FROM petitions_rating t
        WHERE (t.petition_id, t.round, t.subject) = (s.petition_id, s.round, 'unit')), '')
FROM petitions_petition p WHERE p.id = s.petition_id;
"""


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('petitions', '0007_erasing_promises'),
    ]

    operations: ClassVar = [
        migrations.RemoveIndex(
            model_name='answerrow',
            name='answerrow_by_day',
        ),
        migrations.RemoveIndex(
            model_name='clockrun',
            name='clockrun_by_outcome',
        ),
        migrations.AddField(
            model_name='answerrow',
            name='channel',
            field=models.CharField(choices=[('enterprise', '政企直通车'), ('people', '政民直通车'), ('net', '政网直通车')], default='people', max_length=10, verbose_name='渠道'),
        ),
        migrations.AddField(
            model_name='answerrow',
            name='county',
            field=models.CharField(db_collation='C', default='', max_length=6, verbose_name='县'),
        ),
        migrations.AddField(
            model_name='answerrow',
            name='kind',
            field=models.CharField(choices=[('first', '初访'), ('repeat', '重访'), ('backlog', '积案')], default='first', max_length=10, verbose_name='信访类别'),
        ),
        migrations.AddField(
            model_name='answerrow',
            name='office',
            field=models.CharField(blank=True, choices=[('satisfied', '满意'), ('fair', '基本满意'), ('unsatisfied', '不满意')], default='', max_length=12, verbose_name='对信访部门'),
        ),
        migrations.AddField(
            model_name='answerrow',
            name='secret',
            field=models.BooleanField(default=True, verbose_name='检举控告'),
        ),
        migrations.AddField(
            model_name='answerrow',
            name='unit',
            field=models.CharField(blank=True, choices=[('satisfied', '满意'), ('fair', '基本满意'), ('unsatisfied', '不满意')], default='', max_length=12, verbose_name='对责任单位'),
        ),
        migrations.AddField(
            model_name='clockrun',
            name='channel',
            field=models.CharField(choices=[('enterprise', '政企直通车'), ('people', '政民直通车'), ('net', '政网直通车')], default='people', max_length=10, verbose_name='渠道'),
        ),
        migrations.AddField(
            model_name='clockrun',
            name='county',
            field=models.CharField(db_collation='C', default='', max_length=6, verbose_name='县'),
        ),
        migrations.AddField(
            model_name='clockrun',
            name='kind',
            field=models.CharField(choices=[('first', '初访'), ('repeat', '重访'), ('backlog', '积案')], default='first', max_length=10, verbose_name='信访类别'),
        ),
        migrations.AddField(
            model_name='clockrun',
            name='secret',
            field=models.BooleanField(default=True, verbose_name='检举控告'),
        ),
        migrations.AddIndex(
            model_name='answerrow',
            index=models.Index(models.F('county'), models.F('answered_on'), name='answerrow_by_day'),
        ),
        migrations.AddIndex(
            model_name='clockrun',
            index=models.Index(models.F('county'), models.F('outcome_on'), name='clockrun_by_outcome'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
