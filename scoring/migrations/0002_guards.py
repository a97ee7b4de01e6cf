from typing import ClassVar

from django.db import migrations

MARKS = "CREATE SEQUENCE scoring_mark_moved"

APPEND_ONLY = """
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_pointentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_rankingsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_never_deleted BEFORE DELETE OR TRUNCATE ON scoring_scoreevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
APPEND_ONLY_DOWN = """
DROP TRIGGER entry_append_only ON scoring_pointentry;
DROP TRIGGER snapshot_append_only ON scoring_rankingsnapshot;
DROP TRIGGER review_append_only ON scoring_review;
DROP TRIGGER event_never_deleted ON scoring_scoreevent;
"""

# Confirmation and withdrawal are each added once; nothing else of an event ever changes.
EVENT_ONCE = """
CREATE FUNCTION event_changes_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh scoring_scoreevent := NEW;
BEGIN
    IF OLD.confirmed_at IS NULL THEN
        fresh.confirmed_at := NULL; fresh.confirmed_by_id := OLD.confirmed_by_id;
    END IF;
    IF OLD.withdrawn_at IS NULL THEN
        fresh.withdrawn_at := NULL; fresh.withdrawn_by_id := OLD.withdrawn_by_id;
        fresh.withdraw_reason := OLD.withdraw_reason;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an event is confirmed once and withdrawn once, never edited'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_changes_once BEFORE UPDATE ON scoring_scoreevent
    FOR EACH ROW EXECUTE FUNCTION event_changes_once();
"""
EVENT_ONCE_DOWN = """
DROP TRIGGER event_changes_once ON scoring_scoreevent;
DROP FUNCTION event_changes_once();
"""

# A published scheme never changes: neither itself nor what belongs to it.
PUBLISHED = """
CREATE FUNCTION scheme_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scheme bigint;
BEGIN
    IF TG_TABLE_NAME = 'scoring_scheme' THEN
        IF OLD.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'scheme % is published and never changes', OLD.code USING ERRCODE = 'restrict_violation';
        END IF;
    ELSE
        IF TG_OP = 'DELETE' THEN scheme := OLD.scheme_id; ELSE scheme := NEW.scheme_id; END IF;
        IF EXISTS (SELECT FROM scoring_scheme s WHERE s.published_at IS NOT NULL
                   AND s.id IN (scheme, CASE WHEN TG_OP = 'UPDATE' THEN OLD.scheme_id END)) THEN
            RAISE EXCEPTION '% of a published scheme never changes', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scheme_published BEFORE UPDATE OR DELETE ON scoring_scheme
    FOR EACH ROW EXECUTE FUNCTION scheme_is_published();
CREATE TRIGGER indicator_published BEFORE INSERT OR UPDATE OR DELETE ON scoring_indicator
    FOR EACH ROW EXECUTE FUNCTION scheme_is_published();
CREATE TRIGGER clause_published BEFORE INSERT OR UPDATE OR DELETE ON scoring_clause
    FOR EACH ROW EXECUTE FUNCTION scheme_is_published();
"""
PUBLISHED_DOWN = """
DROP TRIGGER scheme_published ON scoring_scheme;
DROP TRIGGER indicator_published ON scoring_indicator;
DROP TRIGGER clause_published ON scoring_clause;
DROP FUNCTION scheme_is_published();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0001_initial"), ("households", "0002_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(MARKS, "DROP SEQUENCE scoring_mark_moved"),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_DOWN),
        migrations.RunSQL(EVENT_ONCE, EVENT_ONCE_DOWN),
        migrations.RunSQL(PUBLISHED, PUBLISHED_DOWN),
    ]
