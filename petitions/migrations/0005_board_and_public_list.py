from typing import ClassVar

import django.db.models.deletion
import petitions.sealed
from django.conf import settings
from django.db import migrations, models

# Petitions that were there before are counted by the code in force (`petitions.tallies`) once the tables stand: whoever
# compares the rows later uses that code too.

# A petition that is or ever was an accusation is never published, and what everybody read is changed by withdrawing alone.
GUARDS = """
CREATE TRIGGER clockrun_kept BEFORE DELETE OR TRUNCATE ON petitions_clockrun
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answerrow_kept BEFORE DELETE OR TRUNCATE ON petitions_answerrow
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER publication_kept BEFORE DELETE OR TRUNCATE ON petitions_publication
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION publication_of_no_accusation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM petitions_petition p WHERE p.id = NEW.petition_id AND p.content = 'accusation')
       OR EXISTS (SELECT FROM petitions_petitionevent e WHERE e.petition_id = NEW.petition_id
                  AND e.kind IN ('file', 'classify') AND e.data ->> 'content' = 'accusation') THEN
        RAISE EXCEPTION 'an accusation is never published' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_of_no_accusation BEFORE INSERT ON petitions_publication
    FOR EACH ROW EXECUTE FUNCTION publication_of_no_accusation();
CREATE FUNCTION publication_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_publication := NEW;
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL THEN
        fresh.withdrawn_at := NULL; fresh.withdrawn_by_id := NULL; fresh.reason := OLD.reason;
        fresh.title := OLD.title; fresh.text := OLD.text; fresh.answer := OLD.answer;
    END IF;
    IF NEW.reason IS NULL
       AND EXISTS (SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.erased_at IS NOT NULL) THEN
        fresh.reason := OLD.reason;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a publication is only ever withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_only_withdrawn BEFORE UPDATE ON petitions_publication
    FOR EACH ROW EXECUTE FUNCTION publication_only_withdrawn();
"""
GUARDS_DOWN = """
DROP TRIGGER clockrun_kept ON petitions_clockrun;
DROP TRIGGER answerrow_kept ON petitions_answerrow;
DROP TRIGGER publication_kept ON petitions_publication;
DROP TRIGGER publication_of_no_accusation ON petitions_publication;
DROP TRIGGER publication_only_withdrawn ON petitions_publication;
DROP FUNCTION publication_of_no_accusation();
DROP FUNCTION publication_only_withdrawn();
"""

class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('households', '0003_place_never_missing'),
        ('petitions', '0004_retention'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='PublicWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('allowed', models.BooleanField(verbose_name='可以公开')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_wish', to='petitions.petition')),
            ],
            options={
                'verbose_name': '公开意愿',
            },
        ),
        migrations.CreateModel(
            name='AnswerRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='第几次答复')),
                ('lead', models.CharField(blank=True, default='', max_length=40, verbose_name='主办单位')),
                ('answered_on', models.DateField(verbose_name='答复日')),
                ('confirmed_on', models.DateField(null=True, verbose_name='确认日')),
                ('closed_on', models.DateField(null=True, verbose_name='办结日')),
                ('reviewed_on', models.DateField(null=True, verbose_name='申请复查日')),
                ('reopened_on', models.DateField(null=True, verbose_name='重新办理日')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answer_rows', to='petitions.petition')),
                ('channel', models.CharField(choices=[('enterprise', '政企直通车'), ('people', '政民直通车'), ('net', '政网直通车')], default='people', max_length=10, verbose_name='渠道')),
                ('county', models.CharField(db_collation='C', default='', max_length=6, verbose_name='县')),
                ('kind', models.CharField(choices=[('first', '初访'), ('repeat', '重访'), ('backlog', '积案')], default='first', max_length=10, verbose_name='信访类别')),
                ('office', models.CharField(blank=True, choices=[('satisfied', '满意'), ('fair', '基本满意'), ('unsatisfied', '不满意')], default='', max_length=12, verbose_name='对信访部门')),
                ('secret', models.BooleanField(default=True, verbose_name='检举控告')),
                ('unit', models.CharField(blank=True, choices=[('satisfied', '满意'), ('fair', '基本满意'), ('unsatisfied', '不满意')], default='', max_length=12, verbose_name='对责任单位')),
            ],
            options={
                'verbose_name': '答复记录',
                'indexes': [models.Index(models.F('county'), models.F('answered_on'), name='answerrow_by_day')],
                'constraints': [models.UniqueConstraint(models.F('petition'), models.F('round'), name='answerrow_once')],
            },
        ),
        migrations.CreateModel(
            name='ClockRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=16, verbose_name='时限')),
                ('round', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('start', models.DateField(verbose_name='起算日')),
                ('due', models.DateField(null=True, verbose_name='到期日')),
                ('ended', models.DateField(null=True, verbose_name='结束日')),
                ('ended_by', models.CharField(blank=True, default='', max_length=20, verbose_name='结束于')),
                ('lead', models.CharField(blank=True, default='', max_length=40, verbose_name='主办单位')),
                ('outcome_on', models.DateField(null=True, verbose_name='见分晓日')),
                ('on_time', models.BooleanField(default=False, verbose_name='按期')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='petitions.petition')),
                ('channel', models.CharField(choices=[('enterprise', '政企直通车'), ('people', '政民直通车'), ('net', '政网直通车')], default='people', max_length=10, verbose_name='渠道')),
                ('county', models.CharField(db_collation='C', default='', max_length=6, verbose_name='县')),
                ('kind', models.CharField(choices=[('first', '初访'), ('repeat', '重访'), ('backlog', '积案')], default='first', max_length=10, verbose_name='信访类别')),
                ('secret', models.BooleanField(default=True, verbose_name='检举控告')),
            ],
            options={
                'verbose_name': '时限记录',
                'indexes': [models.Index(models.F('county'), models.F('outcome_on'), name='clockrun_by_outcome')],
                'constraints': [models.UniqueConstraint(models.F('petition'), models.F('key'), models.F('round'), name='clockrun_once'), models.CheckConstraint(condition=models.Q(('key__in', ['accept', 'handle', 'reply', 'review', 'final_review'])), name='clockrun_key_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended__isnull', True), ('ended_by', '')), models.Q(('ended__isnull', False), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='clockrun_ended_by_something'), models.CheckConstraint(condition=models.Q(('on_time', False), models.Q(('outcome_on', models.F('ended')), models.Q(('due__isnull', True), ('due__gte', models.F('ended')), _connector='OR')), _connector='OR'), name='clockrun_on_time_when_ended_by_then')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(db_collation='C', max_length=6, verbose_name='县')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('serial', models.PositiveIntegerField(verbose_name='公开号')),
                ('channel', models.CharField(choices=[('enterprise', '政企直通车'), ('people', '政民直通车'), ('net', '政网直通车')], max_length=10, verbose_name='渠道')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='公开标题')),
                ('text', models.TextField(blank=True, verbose_name='公开内容')),
                ('answer', models.TextField(blank=True, verbose_name='公开答复')),
                ('published_at', models.DateTimeField(verbose_name='公开时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤下时间')),
                ('reason', petitions.sealed.SealedTextField(blank=True, null=True, verbose_name='撤下原因（密文）')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='petitions.petition')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('township', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.division')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '公开件',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(models.F('county'), models.F('year'), models.F('serial'), name='publication_number'), models.UniqueConstraint(models.F('petition'), condition=models.Q(('withdrawn_at__isnull', True)), name='publication_one_stands'), models.CheckConstraint(condition=models.Q(('channel__in', ['enterprise', 'people', 'net'])), name='publication_channel_known'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True), models.Q(('answer', ''), _negated=True)), models.Q(('answer', ''), ('text', ''), ('title', ''), ('withdrawn_at__isnull', False)), _connector='OR'), name='publication_worded_while_it_stands')],
            },
        ),
        migrations.RunSQL(GUARDS, GUARDS_DOWN),
    ]
