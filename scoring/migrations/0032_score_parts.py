from django.db import migrations

# Locks: scoring_householdscore for as long as the catalogue takes, and for the rows of this month that it holds already,
# which move to a part of their own (a county's 231,868 take some two seconds). Rows of months before stay where they are.
PARTED = """
ALTER TABLE scoring_householdscore RENAME TO scoring_householdscore_rest;
ALTER INDEX scoring_householdscore_pkey RENAME TO scoring_householdscore_rest_pkey;
CREATE TABLE scoring_householdscore (LIKE scoring_householdscore_rest INCLUDING ALL) PARTITION BY LIST (month);
ALTER TABLE scoring_householdscore ATTACH PARTITION scoring_householdscore_rest DEFAULT;

-- The part of one month, with whatever rows of it lie in the rest. For the owner of the tables.
CREATE FUNCTION scoring_give_part(wanted text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    part text := 'scoring_householdscore_' || replace(wanted, '-', '_');
    moved bigint;
BEGIN
    IF wanted !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN
        RAISE EXCEPTION 'not a month: %', wanted USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE ONLY scoring_householdscore, scoring_householdscore_rest IN ACCESS EXCLUSIVE MODE;
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;  -- somebody else gave it meanwhile
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE scoring_householdscore INCLUDING ALL)', part);
    EXECUTE format('INSERT INTO %I SELECT * FROM scoring_householdscore_rest WHERE month = %L ORDER BY code', part, wanted);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved > 0 THEN
        DELETE FROM scoring_householdscore_rest WHERE month = wanted;
        EXECUTE format('ANALYZE %I', part);
    END IF;
    EXECUTE format('ALTER TABLE scoring_householdscore ATTACH PARTITION %I FOR VALUES IN (%L)', part, wanted);
END $$;

-- The next month that wants a part: one whose rows lie in the rest, this month, or one of the two to come. Null when all is laid
-- out, or somebody else is at it. The application, which may change no table, calls it with the owner's rights; it takes no word from its caller.
CREATE FUNCTION scoring_lay_out() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE wanted text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('scoring_lay_out', 0)) THEN
        RETURN NULL;  -- somebody else is at it: both would hold the rest and wait for the whole
    END IF;
    WITH RECURSIVE here (month) AS (
        (SELECT month FROM scoring_householdscore_rest ORDER BY month LIMIT 1)
        UNION ALL
        SELECT (SELECT r.month FROM scoring_householdscore_rest r WHERE r.month > here.month ORDER BY r.month LIMIT 1)
        FROM here WHERE here.month IS NOT NULL
    ),
    due (month) AS (
        SELECT month::text FROM here WHERE month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'
        UNION
        SELECT to_char((now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => ahead), 'YYYY-MM')
        FROM generate_series(0, 2) ahead
    )
    SELECT due.month INTO wanted FROM due
    WHERE to_regclass('scoring_householdscore_' || replace(due.month, '-', '_')) IS NULL ORDER BY 1 LIMIT 1;
    IF wanted IS NOT NULL THEN
        PERFORM scoring_give_part(wanted);
    END IF;
    RETURN wanted;
END $$;

-- Scores of the months within a half-open range of codes. A statement that is planned once does not know its months then and would
-- look into every part; here they are named when it runs.
CREATE FUNCTION scoring_scores(months text[], low text, high text)
RETURNS TABLE (month text, score smallint, broken smallint) LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT month::text, score, broken FROM scoring_householdscore WHERE month = ANY (%L::text[]) AND code >= %L AND code < %L',
        months, low, high);
END $$;

-- From the month of this day on: what is older is laid out by night, month by month.
SELECT scoring_give_part(to_char((now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => ahead), 'YYYY-MM'))
FROM generate_series(0, 2) ahead;
"""
WHOLE = """
CREATE TABLE scoring_householdscore_whole (LIKE scoring_householdscore INCLUDING ALL);
INSERT INTO scoring_householdscore_whole SELECT * FROM scoring_householdscore;
DROP TABLE scoring_householdscore;
DROP FUNCTION scoring_scores(text[], text, text);
DROP FUNCTION scoring_lay_out();
DROP FUNCTION scoring_give_part(text);
ALTER TABLE scoring_householdscore_whole RENAME TO scoring_householdscore;
ALTER INDEX scoring_householdscore_whole_pkey RENAME TO scoring_householdscore_pkey;
"""


class Migration(migrations.Migration):
    """Scores of households lie in a part a month, and what has none yet in the rest: the table as it was, not copied (ADR 97)."""

    dependencies = [
        ("scoring", "0031_drawn_by"),
    ]

    operations = [
        migrations.RunSQL(PARTED, WHOLE),
    ]
