"""The trail: a line for each change that changed something, sealed under a key, and what contradicts it."""

from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from households import audit
from households.house.trail import check_and_note, checked, from_the_beginning, note_checked
from households.models import TrailLine, TrailSeal, User
from households.roles import Role
from households.sql import row, run
from households.trail.actions import seal
from households.trail.checkpoints import checked_upto
from households.trail.tables import TABLES
from tests.world import World

pytestmark = pytest.mark.django_db


def lines(source: str, key: object) -> str:
    found = TrailLine.objects.filter(source=source, key=str(key)).order_by("pk")
    return "".join(found.values_list("op", flat=True))


def wrong() -> str:
    return " ".join(found.sentence for found in checked(None) if not found.holds)


def asleep(statement: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
    assert run(statement)
    run("SET LOCAL session_replication_role = origin")


def test_every_change_leaves_a_line_and_no_change_none(world: World) -> None:
    link = world.village.linkages.get()
    link.weight = 7
    link.save(update_fields=["weight"])
    link.save(update_fields=["weight"])
    pk, before = link.pk, lines("households_linkage", link.pk)
    link.delete()
    audit.record(None, "linkages.import")
    assert (before, lines("households_linkage", pk)) == ("iu", "iud")
    assert wrong() == ""


def test_line_holds_the_digest_of_the_row(world: World) -> None:
    cadre = world.user(Role.CADRE)
    stored = row("SELECT trail_digest(u) FROM households_user u WHERE id = %s", [cadre.pk])
    line = TrailLine.objects.filter(source="households_user", key=str(cadre.pk)).latest("pk")
    assert bytes(line.digest) == bytes(stored[0])


def test_last_sign_in_leaves_no_line(world: World) -> None:
    cadre = world.user(Role.CADRE)
    world.client(Role.CADRE)
    assert User.objects.get(pk=cadre.pk).last_login
    assert lines("households_user", cadre.pk) == "i"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE households_user SET role = 'auditor', division_id = '430726' WHERE username = 'cadre'", "账号"),
        ("DELETE FROM households_linkage", "联村关系"),
        ("UPDATE households_trail SET digest = sha256('x') WHERE source = 'households_user'", "封住的"),
        ("UPDATE households_trailseal SET head = repeat('0', 64)", "封住的"),
        ("UPDATE households_trailseal SET mac = repeat('0', 64)", "密钥不符"),
    ],
)
def test_change_past_the_triggers_is_named(world: World, statement: str, words: str) -> None:
    seal()
    asleep(statement)
    assert words in wrong()


def test_seals_close_what_was_written_since(world: World) -> None:
    first = seal()
    assert seal() == first
    audit.record(None, "roots.publish")
    second = seal()
    assert (second.number, second.size) == (first.number + 1, first.size + 1)
    assert TrailSeal.objects.count() == second.number
    assert wrong() == ""


def test_missing_seal_is_named(world: World) -> None:
    seal()
    audit.record(None, "roots.publish")
    seal()
    asleep("DELETE FROM households_trailseal WHERE number = 1")
    assert "缺第 1 号封条" in wrong()


def test_invented_audit_line_is_named(world: World) -> None:
    run(INVENTED)
    assert "不是本系统写的" in wrong()


INVENTED = """
    INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail, session)
    VALUES (now(), 'cadre', 'cadre', 'event.record', '', '', '{}', '')
"""


def test_what_was_found_whole_is_not_gone_through_again(world: World) -> None:
    """Noted over a false line, which no check would do: only from the beginning it is seen again."""
    run(INVENTED)
    newest = seal()
    note_checked(newest)
    assert checked_upto() == newest.upto
    assert wrong() == ""
    assert [one.holds for one in from_the_beginning()] == [True, False]
    run(INVENTED)
    assert "不是本系统写的" in wrong()


def test_check_that_finds_something_is_not_noted(world: World) -> None:
    newest = seal()
    assert (check_and_note(), checked_upto()) == ([], newest.upto)
    run(INVENTED)
    assert seal().upto > newest.upto
    assert len(check_and_note()) == 1
    assert checked_upto() == newest.upto


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE households_auditevent SET detail = jsonb_set(detail, '{upto}', '999999') WHERE action = 'trail.check'",
        "UPDATE households_trailseal SET head = repeat('0', 64)",
    ],
)
def test_word_of_a_check_is_believed_with_its_digest_and_its_seal(world: World, statement: str) -> None:
    note_checked(seal())
    asleep(statement)
    assert checked_upto() == 0


def test_sleeping_trigger_is_named(world: World) -> None:
    run("ALTER TABLE households_plate DISABLE TRIGGER trail_delete")
    assert "trail_delete 被停用" in wrong()


def test_another_column_has_rows_taken_anew_and_says_so(world: World) -> None:
    run("ALTER TABLE households_linkage ADD COLUMN why text NOT NULL DEFAULT ''")
    run("SELECT trail_watch('households_linkage')")
    link = world.village.linkages.get()
    assert lines("households_linkage", link.pk) == "it"
    assert "账" not in wrong()


def test_rows_of_before_the_trail_are_taken_as_they_are_found(world: World) -> None:
    """An older data folder: rows without lines, audit lines without a keyed digest."""
    audit.record(None, "roots.publish")
    newest = "(SELECT max(id) FROM households_auditevent)"
    run("SELECT trail_unwatch('households_linkage')")
    asleep(f"UPDATE households_auditevent SET mac = NULL WHERE id = {newest}")
    asleep(f"DELETE FROM households_trail WHERE source = 'households_auditevent' AND key = {newest}::text")
    asleep("DELETE FROM households_trail WHERE source = 'households_linkage'")
    for table in ("households_auditevent", "households_linkage"):
        run(f"SELECT trail_watch('{table}')")
    audit.record(None, "linkages.import")  # the upgrade, which explains them
    assert lines("households_linkage", world.village.linkages.get().pk) == "t"
    assert wrong() == ""
    asleep("UPDATE households_linkage SET weight = weight + 1")
    assert "联村关系" in wrong()


@pytest.mark.parametrize("table", ["households_trail", "households_trailseal"])
def test_trail_is_append_only(world: World, table: str) -> None:
    seal()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = now()", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(statement)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_watched_table_has_its_triggers_and_its_digest(table: str) -> None:
    found = row(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND starts_with(tgname, 'trail_')", [table]
    )
    assert found == (4,)
    run(f"SELECT trail_digest(r) FROM {table} r")


def test_every_table_that_is_watched_has_a_name() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'trail_insert'")
        assert {name for (name,) in cursor.fetchall()} == set(TABLES)


@pytest.mark.django_db(transaction=True)
def test_plain_change_of_an_account_is_not_explained(world: World) -> None:
    User.objects.filter(username="cadre").update(password=sha256(b"planted").hexdigest())
    assert "账号" in wrong()
    assert "没有审计记录" in wrong()


@pytest.mark.django_db(transaction=True)
def test_whoever_is_still_writing_is_waited_for_and_taken_the_next_time(world: World) -> None:
    before = seal()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE households_linkage SET weight = weight + 1")
        audit.record(None, "roots.publish")
        assert seal() == before
        with other.cursor() as cursor:
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert seal().size == before.size + 1
