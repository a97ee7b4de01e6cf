import django.db.models.deletion
import households.sealing.texts
from django.conf import settings
from django.db import migrations, models


# Whatever closes a household (page, file, merge), nobody is left as the contact of one that is no more.
ENDS = """
CREATE FUNCTION end_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE households_contact SET valid_to = greatest(valid_from, NEW.valid_to)
    WHERE household_id = NEW.code AND (valid_to IS NULL OR valid_to > greatest(valid_from, NEW.valid_to));
    RETURN NULL;
END $$;
CREATE TRIGGER household_ends_contacts AFTER UPDATE OF valid_to ON households_household FOR EACH ROW
    WHEN (NEW.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to) EXECUTE FUNCTION end_contacts();
"""
ENDS_DOWN = """
DROP TRIGGER household_ends_contacts ON households_household;
DROP FUNCTION end_contacts();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0015_opening'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', households.sealing.texts.SealedTextField(blank=True, null=True, verbose_name='姓名')),
                ('phone', households.sealing.texts.SealedTextField(blank=True, null=True, verbose_name='电话')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_people', to='households.division')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contact_person', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '联系人',
            },
        ),
        migrations.CreateModel(
            name='ContactHandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='从哪一天起')),
                ('households', models.PositiveIntegerField(verbose_name='户数')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.contactperson')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.contactperson')),
            ],
            options={
                'verbose_name': '联系户交接',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ContactVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('outcome', models.CharField(choices=[('well', '家里都好'), ('told', '宣传了政策'), ('helped', '帮着办了事'), ('wants', '有事要帮，已记下'), ('away', '外出，电话联系'), ('nobody', '没有人在家')], max_length=8, verbose_name='情况')),
                ('note', households.sealing.texts.SealedTextField(blank=True, null=True, verbose_name='备注')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤回时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='households.household')),
            ],
            options={
                'verbose_name': '走访',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MicroGrid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, verbose_name='名称')),
                ('valid_from', models.DateField(verbose_name='启用日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='micro_grids', to='households.division')),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='micro_grids', to='households.contactperson')),
            ],
            options={
                'verbose_name': '微网格',
                'ordering': ['group', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('party', '党员联系'), ('grid', '网格长'), ('micro', '微网格长')], max_length=5, verbose_name='联系类型')),
                ('valid_from', models.DateField(verbose_name='起始日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='households.household')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='households.contactperson')),
                ('micro_grid', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='households.microgrid')),
            ],
            options={
                'verbose_name': '联系关系',
                'ordering': ['household', 'kind', 'valid_from', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(('name__isnull', False)), name='contact_person_named'),
        ),
        migrations.AddConstraint(
            model_name='contacthandover',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='hand_over_between_two'),
        ),
        migrations.AddIndex(
            model_name='contactvisit',
            index=models.Index(models.F('household'), models.F('day'), name='visit_by_household'),
        ),
        migrations.AddConstraint(
            model_name='contactvisit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['well', 'told', 'helped', 'wants', 'away', 'nobody'])), name='visit_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='microgrid',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='micro_grid_named'),
        ),
        migrations.AddConstraint(
            model_name='microgrid',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='micro_grid_valid_in_order'),
        ),
        migrations.AddConstraint(
            model_name='microgrid',
            constraint=models.UniqueConstraint(models.F('group'), models.F('name'), condition=models.Q(('valid_to__isnull', True)), name='micro_grid_once_by_name'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['party', 'grid', 'micro'])), name='contact_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'micro'), ('micro_grid__isnull', False)), models.Q(models.Q(('kind', 'micro'), _negated=True), ('micro_grid__isnull', True)), _connector='OR'), name='contact_micro_in_a_grid'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='contact_valid_in_order'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(models.F('household'), models.F('person'), models.F('kind'), condition=models.Q(('valid_to__isnull', True)), name='contact_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(models.F('household'), condition=models.Q(('kind', 'micro'), ('valid_to__isnull', True)), name='contact_of_one_micro_grid'),
        ),
        migrations.RunSQL(ENDS, ENDS_DOWN),
    ]
