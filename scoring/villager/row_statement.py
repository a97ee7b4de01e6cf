"""The one statement that asks for all that the household's page shows; `scoring.villager.row` reads its answer."""

from households.models import sql_living
from households.sql import Prepared
from scoring.ledger.owners import PENDING
from scoring.objections.hearing import NOBODY_IN_TOWNSHIP

_GROUP = "left(door.code, %(group)s)"
ROW = Prepared(
    "household_page",
    {
        "session": "text",
        "token": "text",
        "month": "text",
        "current": "text",
        "months": "text[]",
        "pending_from": "text",
        "zone": "text",
        "group": "int",
        "seen": "text[]",
        "looks": "int",
        "pins": "text[]",
        "now": "timestamptz",
    },
    f"""
    WITH door AS (
        SELECT h.code, h.head_name, g.name AS "group", v.name AS village, v.code AS village_code,
               coalesce(t.name, '') AS township, h.valid_from, h.valid_to, h.gaps
        FROM households_plate p
        JOIN households_household h ON h.code = p.household_id
        JOIN households_division g ON g.code = h.group_id
        JOIN households_division v ON v.code = g.parent_id
        LEFT JOIN households_division t ON t.code = v.parent_id
        WHERE p.token = %(token)s AND p.revoked_at IS NULL AND EXISTS (
            SELECT FROM django_session s
            WHERE s.session_key = %(session)s AND s.expire_date > %(now)s
              AND s.session_data = p.id::text || CASE WHEN p.pin_epoch = 0 THEN '' ELSE '.' || p.pin_epoch END)
    ), scored AS (
        SELECT s.period_id AS month
        FROM door JOIN scoring_sheet s ON s.village_id = door.village_code AND s.period_id = ANY (%(months)s)
        CROSS JOIN LATERAL (SELECT ((s.period_id || '-01')::date + interval '1 month - 1 day')::date AS day) ends
        WHERE s.state <> 'open' AND {sql_living("door", "ends.day")} AND EXISTS (
            SELECT FROM scoring_declaration d
            WHERE d.sheet_id = s.id AND d.withdrawn_at IS NULL AND door.code = ANY (d.households))
    ), shown AS (
        SELECT coalesce(nullif(%(month)s, ''), (SELECT max(month) FROM scored), %(current)s) AS month
    )
    SELECT json_build_object(
        'shown', (SELECT month FROM shown), 'current', %(current)s,
        'today', (%(now)s AT TIME ZONE %(zone)s)::date,
        'place', json_build_object(
            'code', door.code, 'head_name', door.head_name, 'group', door."group", 'village', door.village,
            'village_code', door.village_code, 'township', door.township),
        'sheets', (
            SELECT json_object_agg(s.period_id, json_build_array(
                       s.state, (s.posted_at AT TIME ZONE %(zone)s)::date, s.forced,
                       s.period_id = (SELECT month FROM shown) AND s.period_id IN (SELECT month FROM scored)))
            FROM scoring_sheet s WHERE s.village_id = door.village_code AND s.period_id = ANY (%(months)s)),
        'indicators', (
            SELECT json_agg(json_build_array(i.position, i.code, i.name, i.lamp, i.share) ORDER BY i.position)
            FROM scoring_indicator i
            WHERE i.scheme_id = coalesce(
                (SELECT scheme_id FROM scoring_period WHERE month = (SELECT month FROM shown)),
                (SELECT id FROM scoring_scheme WHERE published_at IS NOT NULL AND effective_from <= (SELECT month FROM shown)
                 ORDER BY effective_from DESC LIMIT 1))),
        'events', (
            SELECT json_agg(json_build_array(
                       e.id, e.indicator, e.kind, e.points, e.date, c.text, e.document_no, e.note, e.confirmed_at IS NOT NULL,
                       e.withdrawn_at IS NOT NULL,
                       coalesce((SELECT a.public_reason FROM scoring_adjustment a
                                 WHERE a.event_id = e.id AND a.clause_id IS NULL AND a.state = 'granted' LIMIT 1),
                                e.withdraw_reason), u.role, u.display_name) ORDER BY e.date, e.id)
            FROM scoring_scoreevent e
            JOIN scoring_clause c ON c.id = e.clause_id
            LEFT JOIN households_user u ON u.id = e.recorded_by_id
            WHERE e.period_id = (SELECT month FROM shown) AND e.code = door.code),
        'objections', (
            SELECT count(*) FROM scoring_objection o
            WHERE o.code = door.code AND o.state IN ('first', 'answered', 'second')),
        'outcomes', (
            SELECT json_agg(json_build_array(o.id, c.text, o.state, coalesce(a.state, ''), e.indicator,
                                              o.state = 'second' AND {NOBODY_IN_TOWNSHIP}) ORDER BY o.id)
            FROM scoring_objection o LEFT JOIN scoring_adjustment a ON a.id = o.adjustment_id
            LEFT JOIN scoring_scoreevent e ON e.id = o.event_id LEFT JOIN scoring_clause c ON c.id = e.clause_id
            WHERE o.code = door.code AND o.period_id = (SELECT month FROM shown)),
        'scores', (
            SELECT json_object_agg(hs.month, json_build_array(hs.score, hs.broken))
            FROM scoring_scores(%(months)s, door.code, door.code || ':') hs),
        'account', (
            SELECT json_build_array(a.balance, a.held, a.owed, {PENDING.format(of="a")}, (
                SELECT json_object_agg(month, amount)
                FROM (SELECT month, sum(amount - owed) AS amount FROM scoring_pointentry
                      WHERE account_id = a.id AND kind IN ('freeze', 'restate') GROUP BY month) credited))
            FROM scoring_account a WHERE a.owner = door.code AND a.owner_kind = 'household'),
        'looks', (
            SELECT json_agg(json_build_array(at, role, reason, action))
            FROM (SELECT (a.at AT TIME ZONE %(zone)s)::date AS at, a.role,
                         a.detail ->> 'reason' AS reason, a.action
                  FROM households_auditevent a
                  WHERE a.place = door.code AND a.action = ANY (%(seen)s) ORDER BY a.id DESC LIMIT %(looks)s) looked),
        'pins', (
            SELECT json_agg(json_build_array(at, role, action))
            FROM (SELECT (a.at AT TIME ZONE %(zone)s)::date AS at, a.role, a.action
                  FROM households_auditevent a
                  WHERE a.place = door.code AND a.action = ANY (%(pins)s) ORDER BY a.id DESC LIMIT %(looks)s) changed),
        'changes', (
            SELECT json_agg(json_build_array(c.kind, c.day, c.reason, c.counts_from) ORDER BY c.id DESC)
            FROM households_householdchange c WHERE c.household_id = door.code OR c.other_id = door.code),
        'contacts', (
            SELECT json_agg(json_build_array(c.kind, encode(p.name, 'hex'), encode(p.phone, 'hex'), g.name)
                            ORDER BY c.kind = 'party' DESC, c.kind DESC, c.id)
            FROM households_contact c JOIN households_contactperson p ON p.id = c.person_id
            LEFT JOIN households_microgrid g ON g.id = c.micro_grid_id
            WHERE c.household_id = door.code AND c.valid_from <= (%(now)s AT TIME ZONE %(zone)s)::date
              AND (c.valid_to IS NULL OR c.valid_to > (%(now)s AT TIME ZONE %(zone)s)::date)),
        'leaders', (
            SELECT json_agg(json_build_array(u.display_name, encode(coalesce(p.phone, u.phone), 'hex')) ORDER BY u.id)
            FROM households_user u LEFT JOIN households_contactperson p ON p.user_id = u.id
            WHERE u.division_id = left(door.code, %(group)s) AND u.role = 'leader' AND u.is_active),
        'neighbours', (
            SELECT json_agg(json_build_array(score, households))
            FROM (SELECT score, count(*) AS households
                  FROM scoring_scores(ARRAY[(SELECT month FROM shown)], {_GROUP}, {_GROUP} || ':')
                  GROUP BY score) scored)
    )::text
    FROM door
""",
)
