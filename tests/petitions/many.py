"""Thousands of petitions with their whole lives, straight into the tables: through the doors they would take minutes."""

from django.db import connection

# Every 37th is answered late, every 11th reopened, every 20th an accusation; leads change with the number.
_LIVES = """
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE life ON COMMIT DROP AS
    SELECT n, %(base)s + n AS id, at, at + interval '2 days' AS accepted, at + interval '3 days' AS given,
        at + interval '9 days' AS handled,
        at + CASE WHEN n %% 37 = 0 THEN interval '80 days' ELSE interval '10 days' END AS answered,
        at + CASE WHEN n %% 37 = 0 THEN interval '85 days' ELSE interval '14 days' END AS done,
        n %% 11 = 0 AS reopened, n %% 3 = 0 AS confirmed,
        CASE WHEN n %% 4 > 0 THEN (ARRAY['satisfied', 'fair', 'unsatisfied'])[1 + n %% 5 / 2] ELSE '' END AS score,
        CASE WHEN n %% 3 = 0 THEN 'department:SLJ' WHEN n %% 3 = 1 THEN 'department:LYJ' ELSE 'division:430726201' END AS unit
    FROM (SELECT n, %(end)s::timestamptz - (%(many)s - n) * (interval '700 days' / %(many)s) - interval '90 days' AS at
          FROM generate_series(1, %(many)s) n) x;
INSERT INTO petitions_case (id, opened_at) SELECT id, at FROM life;
INSERT INTO petitions_petition (id, number, follow_digest, case_id, channel, way, content, kind, demand, place_id, title,
    filer_key, enterprise, people, external_no, external_link, filed_at, state, seq, paused, held)
    SELECT id, '430726-' || extract(year from at) || '-' || lpad(n::text, 6, '0'), repeat('0', 64), id,
        (ARRAY['enterprise', 'people', 'net'])[1 + n %% 3], 'page', CASE WHEN n %% 20 = 0 THEN 'accusation' ELSE 'appeal' END,
        (ARRAY['first', 'repeat', 'backlog'])[1 + n %% 7 / 3], 'complaint', '430726201201', '第' || n || '件',
        '', '某厂', 1, '', '', at, CASE WHEN reopened THEN 'assigned' ELSE 'closed' END, 9, false, false
    FROM life;
INSERT INTO petitions_petitionevent (petition_id, seq, kind, state, at, role, data)
    SELECT id, seq, kind, state, moment, 'system', data FROM life, LATERAL (VALUES
        (1, 'file', 'filed', at, jsonb_build_object('way', 'page', 'demand', 'complaint', 'content', 'appeal')),
        (2, 'accept', 'accepted', accepted, '{}'),
        (3, 'assign', 'assigned', given, jsonb_build_object('lead', unit)),
        (4, 'handle', 'handled', handled, '{}'),
        (5, 'answer', 'answered', answered, '{"round": 1}'),
        (6, CASE WHEN score = '' THEN 'note' ELSE 'rate' END, 'answered', answered,
            jsonb_build_object('round', 1, 'subject', 'office', 'score', score)),
        (7, CASE WHEN score = '' THEN 'note' ELSE 'rate' END, 'answered', answered,
            jsonb_build_object('round', 1, 'subject', 'unit', 'score', score)),
        (8, CASE WHEN confirmed THEN 'confirm' ELSE 'note' END, CASE WHEN confirmed THEN 'confirmed' ELSE 'answered' END, done, '{}'),
        (9, CASE WHEN reopened THEN 'reopen' ELSE 'close' END, CASE WHEN reopened THEN 'assigned' ELSE 'closed' END, done, '{}')
    ) AS line(seq, kind, state, moment, data);
INSERT INTO petitions_assignment (petition_id, department_id, division_id, lead, at, by_id)
    SELECT id, CASE WHEN unit LIKE 'dep%%' THEN split_part(unit, ':', 2) END, CASE WHEN unit LIKE 'div%%' THEN split_part(unit, ':', 2) END,
        true, given, %(by)s FROM life;
INSERT INTO petitions_rating (petition_id, round, subject, score, via, at)
    SELECT id, 1, subject, score, 'page', done FROM life, (VALUES ('office'), ('unit')) AS t(subject) WHERE score <> '';
"""
# The rows of clocks and answers as these lives give them; a test counts them anew and finds nothing to put right.
_ROWS = """
INSERT INTO petitions_clockrun
    (petition_id, county, channel, kind, secret, key, round, start, due, ended, ended_by, lead, outcome_on, on_time)
    SELECT id, '430726', channel, kind, content = 'accusation', key, round, start, start + days, ended,
        CASE WHEN ended IS NULL THEN '' ELSE ended_by END, lead,
        CASE WHEN ended <= start + days THEN ended ELSE start + days + 1 END, ended IS NOT NULL AND ended <= start + days
    FROM life JOIN petitions_petition USING (id), LATERAL (VALUES
        ('accept', 1, at::date, 15, accepted::date, 'accept', ''),
        ('handle', 1, accepted::date, 60, answered::date, 'answer', unit),
        ('handle', 2, done::date, 60, NULL::date, '', unit)
    ) AS run(key, round, start, days, ended, ended_by, lead) WHERE round = 1 OR reopened;
INSERT INTO petitions_answerrow (petition_id, county, channel, kind, secret, round, lead, answered_on, confirmed_on,
    closed_on, reopened_on, office, unit)
    SELECT id, '430726', channel, kind, content = 'accusation', 1, unit, answered::date, CASE WHEN confirmed THEN done::date END,
        CASE WHEN NOT reopened THEN done::date END, CASE WHEN reopened THEN done::date END, score, score
    FROM life JOIN petitions_petition USING (id);
"""
BASE = 10_000_000  # ids far from those of the small world


def plant(many: int, *, by: int, end: str) -> None:
    """Petitions with seven lines each over the 700 days before `end` (a day of Asia/Shanghai); `by` assigned them."""
    params = {"many": many, "by": by, "end": f"{end} 09:00+08", "base": BASE}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TimeZone = 'Asia/Shanghai'; {_LIVES} {_ROWS}", params)
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL TimeZone = 'UTC'")
