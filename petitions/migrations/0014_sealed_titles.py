"""Titles and names of enterprises become sealed texts. What is clear stays readable; `manage.py set_up` seals it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

import petitions.sealed

COLUMNS = """
ALTER TABLE petitions_petition DROP CONSTRAINT petition_titled, DROP CONSTRAINT petition_enterprise_line_names_one;
ALTER TABLE petitions_petition
    ALTER COLUMN title DROP NOT NULL, ALTER COLUMN enterprise DROP NOT NULL,
    ALTER COLUMN title TYPE bytea USING convert_to(title, 'UTF8'),
    ALTER COLUMN enterprise TYPE bytea USING convert_to(nullif(enterprise, ''), 'UTF8'),
    ADD CONSTRAINT petition_titled CHECK (title IS NOT NULL),
    ADD CONSTRAINT petition_enterprise_line_names_one CHECK (NOT channel = 'enterprise' OR enterprise IS NOT NULL);
SELECT trail_watch('petitions_petition');
"""
# What was filed may change once more: from clear to sealed, which begins with the number of its key. The words that stand for
# erased ones stay clear.
GUARD = """
CREATE FUNCTION petition_only_sealed(before bytea, after bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT after IS NOT DISTINCT FROM before OR coalesce(get_byte(before, 0) >= 32 AND get_byte(after, 0) < 32, false)
$$;
CREATE OR REPLACE FUNCTION petition_follows_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erasing boolean := NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL;
    contact boolean := NEW.contact_erased_at IS NOT NULL AND OLD.contact_erased_at IS NULL;
BEGIN
    IF (NEW.number, NEW.follow_digest, NEW.channel, NEW.way, NEW.place_id, NEW.filed_at, NEW.filed_by_id, NEW.people,
        NEW.external_no)
       IS DISTINCT FROM
       (OLD.number, OLD.follow_digest, OLD.channel, OLD.way, OLD.place_id, OLD.filed_at, OLD.filed_by_id, OLD.people,
        OLD.external_no)
       OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at
       OR OLD.contact_erased_at IS NOT NULL AND NEW.contact_erased_at IS DISTINCT FROM OLD.contact_erased_at
       OR OLD.papers_erased_at IS NOT NULL AND NEW.papers_erased_at IS DISTINCT FROM OLD.papers_erased_at
       OR NOT erasing AND (NEW.text, NEW.external_link) IS DISTINCT FROM (OLD.text, OLD.external_link)
       OR NOT erasing AND NOT (petition_only_sealed(OLD.title, NEW.title)
                               AND petition_only_sealed(OLD.enterprise, NEW.enterprise))
       OR OLD.erased_at IS NOT NULL AND (NEW.title, NEW.enterprise) IS DISTINCT FROM (OLD.title, OLD.enterprise)
       OR NOT contact AND (NEW.filer_name, NEW.filer_phone, NEW.filer_key, NEW.household_id)
          IS DISTINCT FROM (OLD.filer_name, OLD.filer_phone, OLD.filer_key, OLD.household_id) THEN
        RAISE EXCEPTION 'what was filed never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF erasing AND (NEW.text IS NOT NULL OR NEW.title IS DISTINCT FROM convert_to('（内容已清除）', 'UTF8')
                    OR NEW.enterprise <> convert_to('（已清除）', 'UTF8') OR NEW.external_link <> '')
       OR contact AND (NEW.filer_name IS NOT NULL OR NEW.filer_phone IS NOT NULL OR NEW.filer_key <> ''
                       OR NEW.household_id IS NOT NULL) THEN
        RAISE EXCEPTION 'erasing leaves nothing' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (erasing OR contact OR NEW.papers_erased_at IS DISTINCT FROM OLD.papers_erased_at) AND (NEW.held OR NEW.state
       NOT IN ('closed', 'final', 'redirected', 'not_accepted', 'withdrawn', 'merged')) THEN
        RAISE EXCEPTION 'nothing is erased before the end' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.state, NEW.seq) IS DISTINCT FROM (OLD.state, OLD.seq) AND NOT EXISTS (
        SELECT FROM petitions_petitionevent e
        WHERE e.petition_id = NEW.id AND e.seq = NEW.seq AND e.state = NEW.state AND NEW.seq = OLD.seq + 1
    ) THEN
        RAISE EXCEPTION 'the state of a petition follows its history' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
TITLED = models.CheckConstraint(name="petition_titled", condition=Q(title__isnull=False))
NAMED = models.CheckConstraint(
    name="petition_enterprise_line_names_one", condition=~Q(channel="enterprise") | Q(enterprise__isnull=False)
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0012_trail")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMNS), migrations.RunSQL(GUARD)],
            state_operations=[
                migrations.RemoveConstraint("petition", "petition_titled"),
                migrations.RemoveConstraint("petition", "petition_enterprise_line_names_one"),
                migrations.AlterField("petition", "title", petitions.sealed.SealedNameField(verbose_name="标题（密文）")),
                migrations.AlterField(
                    "petition", "enterprise", petitions.sealed.SealedNameField(verbose_name="企业名称（密文）")
                ),
                migrations.AddConstraint("petition", TITLED),
                migrations.AddConstraint("petition", NAMED),
            ],
        )
    ]
