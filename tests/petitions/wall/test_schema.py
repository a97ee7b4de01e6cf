"""The wall in the database, read from PostgreSQL's own catalogue: nothing there joins petitions to scores or rewards.

Neither a foreign key, view, trigger, function body, default, check, generated column, rule, policy or index expression, in
either direction; both sides stand on tables of households, and petitions write none of those.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.petitions.desk import Desk
from tests.petitions.tables import digests, joined
from tests.world import World

pytestmark = pytest.mark.django_db

OURS, THEIRS = "petitions", "(scoring|rewards)"
# Where something else is meant by the same word.
WORDS = {
    "petitions_rating.score": "满意, 基本满意 or 不满意: what a filer thinks of an answer",
    "scoring_clause.recorder": "the petition office records findings of 零非访 on documents, see scoring.schemes.redlines",
}


def rows(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


FOREIGN_KEYS = """
    SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'
"""
# Whatever the database noted that a view, rule, default, check, policy, index or generated column refers to.
DEPENDENCIES = """
    SELECT o.relname::text, string_agg(DISTINCT r.relname::text, ' ') FROM pg_depend d
    JOIN LATERAL (
        SELECT coalesce(rw.ev_class, df.adrelid, ck.conrelid, pl.polrelid,
                        CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid END) AS oid
        FROM (SELECT 1) one
        LEFT JOIN pg_rewrite rw ON d.classid = 'pg_rewrite'::regclass AND rw.oid = d.objid
        LEFT JOIN pg_attrdef df ON d.classid = 'pg_attrdef'::regclass AND df.oid = d.objid
        LEFT JOIN pg_constraint ck ON d.classid = 'pg_constraint'::regclass AND ck.oid = d.objid
        LEFT JOIN pg_policy pl ON d.classid = 'pg_policy'::regclass AND pl.oid = d.objid
    ) dependent ON dependent.oid IS NOT NULL
    JOIN pg_class o ON o.oid = dependent.oid
    JOIN pg_class r ON d.refclassid = 'pg_class'::regclass AND r.oid = d.refobjid
    WHERE o.oid <> r.oid GROUP BY 1
"""
VIEWS = "SELECT relname::text FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
FUNCTIONS = """
    SELECT p.proname::text, coalesce(p.prosrc, '') || coalesce(pg_get_function_sqlbody(p.oid), '')
           || pg_get_function_arguments(p.oid) || pg_get_function_result(p.oid)
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
"""
TRIGGERS = """
    SELECT t.tgrelid::regclass::text, p.proname::text, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal
"""
COLUMNS = """
    SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'
"""


def sides(*texts: str) -> set[str]:
    """On which sides of the wall the tables that are named in the texts stand."""
    text = " ".join(texts)
    found = {"ours"} if re.search(rf"\b{OURS}_\w+", text) else set()
    return found | ({"theirs"} if re.search(rf"\b{THEIRS}_\w+", text) else set())


def joining() -> Iterator[tuple[str, ...]]:
    """Everything in the catalogue that stands on both sides, with what it is."""
    for what, sql in (("foreign key", FOREIGN_KEYS), ("dependency", DEPENDENCIES), ("function", FUNCTIONS)):
        yield from ((what, *row) for row in rows(sql) if len(sides(*row)) == 2)
    yield from (("trigger", *row) for row in rows(TRIGGERS) if len(sides(*row)) == 2)


def test_nothing_in_the_catalogue_stands_on_both_sides() -> None:
    assert list(joining()) == []


def test_there_are_no_views_at_all() -> None:
    assert [name for (name,) in rows(VIEWS) if name != "pg_stat_statements"] == []


def test_both_sides_share_tables_of_households_alone() -> None:
    keys = rows(FOREIGN_KEYS)
    below = {
        side: {to for of, to in keys if sides(of) == {side} and sides(to) != {side}} for side in ("ours", "theirs")
    }
    assert below["ours"] & below["theirs"]
    assert all(to.startswith("households_") for to in below["ours"] | below["theirs"])


def test_nothing_of_households_points_up() -> None:
    assert [row for row in rows(FOREIGN_KEYS) if row[0].startswith("households_") and sides(row[1])] == []


def test_no_column_bears_the_other_sides_word() -> None:
    strange = {
        f"{table}.{column}"
        for table, column in rows(COLUMNS)
        if (table.startswith("petitions_") and re.search(r"score|point|rank|deduct|award|village_total", column))
        or (re.match(r"(scoring|rewards)_", table) and "petition" in column)
    }
    assert strange <= set(WORDS)


def test_functions_that_both_sides_use_name_neither() -> None:
    used: dict[str, set[str]] = {}
    for table, function, _body in rows(TRIGGERS):
        used.setdefault(function, set()).update(sides(table))
    shared = {function for function, found in used.items() if len(found) == 2}
    assert shared <= {"refuse_change"}
    assert all(not sides(body) for name, body in rows(FUNCTIONS) if name in shared)


# Each planted fault is found; the transaction takes it back.
FAULTS = {
    "column": "ALTER TABLE petitions_petition ADD account bigint REFERENCES scoring_account",
    "column back": "ALTER TABLE scoring_account ADD petition bigint REFERENCES petitions_petition",
    "reward": "ALTER TABLE rewards_award ADD petition bigint REFERENCES petitions_petition",
    "view": "CREATE VIEW v AS SELECT p.id FROM petitions_petition p, scoring_account a",
    "function": "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS "
    "$$ SELECT count(*) FROM petitions_petition p JOIN scoring_account a ON true $$",
    "body": "CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC "
    "SELECT count(*) FROM petitions_petition p, rewards_award a; END",
    "trigger": "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE scoring_divisionscore "
    "SET total = total - 1; RETURN NULL; END $$; CREATE TRIGGER t AFTER INSERT ON petitions_petition "
    "FOR EACH ROW EXECUTE FUNCTION f()",
    "rule": "CREATE RULE r AS ON INSERT TO petitions_case DO ALSO UPDATE scoring_divisionscore SET total = total - 1",
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_planted_join_is_found(fault: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(FAULTS[fault])
        assert list(joining())
        transaction.set_rollback(True)


def test_petitions_write_no_table_that_scores_read(world: World) -> None:
    """Not even those of households: the audit log and the answers kept for repeated requests are no source of scores."""
    before = digests(joined())
    desk = Desk(world)
    desk.closed()
    desk.accusation()
    assert digests(joined()) == before
    assert {"households_household", "households_division", "households_plate", "households_user"} <= set(joined())
