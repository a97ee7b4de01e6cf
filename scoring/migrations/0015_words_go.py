"""What was written about an erased household's events and corrections may become the one word that says so, and nothing else."""

from typing import ClassVar

from django.db import migrations

EVENT = """
CREATE OR REPLACE FUNCTION event_changes_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh scoring_scoreevent := NEW;
BEGIN
    IF OLD.confirmed_at IS NULL THEN
        fresh.confirmed_at := NULL; fresh.confirmed_by_id := OLD.confirmed_by_id;
    END IF;
    IF OLD.withdrawn_at IS NULL THEN
        fresh.withdrawn_at := NULL; fresh.withdrawn_by_id := OLD.withdrawn_by_id;
        fresh.withdraw_reason := OLD.withdraw_reason;
    END IF;{words}
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an event is confirmed once and withdrawn once, never edited'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
EVENT_WORDS = """
    IF (NEW.document_no, NEW.note, NEW.withdraw_reason) IS DISTINCT FROM (OLD.document_no, OLD.note, OLD.withdraw_reason)
       AND NEW.document_no IN (OLD.document_no, '（已清除）') AND NEW.note IN (OLD.note, '（已清除）')
       AND NEW.withdraw_reason IN (OLD.withdraw_reason, '（已清除）') AND household_is_erased(OLD.code) THEN
        fresh.document_no := OLD.document_no; fresh.note := OLD.note; fresh.withdraw_reason := OLD.withdraw_reason;
    END IF;"""
ADJUSTMENT = """
CREATE OR REPLACE FUNCTION adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_adjustment := NEW;
BEGIN
    IF OLD.state = 'asked' THEN
        asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
        asked.answer := OLD.answer; asked.version := OLD.version;
        IF OLD.clause_id IS NOT NULL THEN
            asked.event_id := OLD.event_id;
        END IF;
    ELSIF household_is_erased(OLD.code) AND NEW.document_no IN (OLD.document_no, '（已清除）')
          AND NEW.note IN (OLD.note, '（已清除）') AND NEW.reason IN (OLD.reason, '（已清除）')
          AND NEW.answer IN (OLD.answer, '（已清除）') THEN
        asked.document_no := OLD.document_no; asked.note := OLD.note; asked.reason := OLD.reason;
        asked.answer := OLD.answer;
    END IF;
    IF asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
ADJUSTMENT_DOWN = """
CREATE OR REPLACE FUNCTION adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_adjustment := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
    asked.answer := OLD.answer; asked.version := OLD.version;
    IF OLD.clause_id IS NOT NULL THEN
        asked.event_id := OLD.event_id;
    END IF;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
POINTS = """
CREATE OR REPLACE FUNCTION point_adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_pointadjustment := NEW;
BEGIN
    IF OLD.state = 'asked' THEN
        asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id;
        asked.decided_at := OLD.decided_at; asked.answer := OLD.answer;
    ELSIF OLD.owner_kind = 'household' AND household_is_erased(OLD.owner)
          AND NEW.reason IN (OLD.reason, '（已清除）') AND NEW.answer IN (OLD.answer, '（已清除）') THEN
        asked.reason := OLD.reason; asked.answer := OLD.answer;
    END IF;
    IF asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment of points is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
POINTS_DOWN = """
CREATE OR REPLACE FUNCTION point_adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_pointadjustment := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id;
    asked.decided_at := OLD.decided_at; asked.answer := OLD.answer;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment of points is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WITHHOLDING = """
CREATE OR REPLACE FUNCTION withholding_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_withholding := NEW;
BEGIN
    IF OLD.state = 'asked' THEN
        asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
        asked.answer := OLD.answer;
    ELSIF household_is_erased(OLD.place) AND NEW.why IN (OLD.why, '（已清除）') AND NEW.answer IN (OLD.answer, '（已清除）') THEN
        asked.why := OLD.why; asked.answer := OLD.answer;
    END IF;
    IF asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a withholding is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WITHHOLDING_DOWN = """
CREATE OR REPLACE FUNCTION withholding_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_withholding := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
    asked.answer := OLD.answer;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a withholding is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("scoring", "0014_points_follow_households_held"),
        ("households", "0024_words_go"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(EVENT.format(words=EVENT_WORDS), EVENT.format(words="")),
        migrations.RunSQL(ADJUSTMENT, ADJUSTMENT_DOWN),
        migrations.RunSQL(POINTS, POINTS_DOWN),
        migrations.RunSQL(WITHHOLDING, WITHHOLDING_DOWN),
    ]
