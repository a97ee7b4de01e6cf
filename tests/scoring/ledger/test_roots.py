"""Daily roots: every chain that moved, once a day, the same when asked again, and nothing that was tampered with."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from households.models import Alarm, AuditEvent, Linkage
from households.refusals import Refused
from households.sql import run
from scoring import tasks
from scoring.ledger import door as ledger
from scoring.ledger import merkle, publishing, roots
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot, LedgerHead, VillageRoot
from tests.audit_failure import audit_down
from tests.days import today, yesterday
from tests.scoring.checks.tampering import tamper
from tests.scoring.ledger.books import leaf, tree
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
QUIET, MOVED = 16, 25  # queries of a day that was published, and of one on which one chain moved
SIZES = {
    TOWNSHIP: 1,
    VILLAGE: 8 + 2 + 1,
    SISTER: 2 + 1 + 1,
    OTHER_TOWNSHIP: 1,
    STRANGE: 2 + 1 + 1,
    "department:LYJ": 1,
    "department:SLJ": 1,
}


def spend(world: World, number: int = 1) -> None:
    assert ledger.spend_now(ledger.household(world.household.code), 1, key=f"test:{number}", text="换一包盐")


def test_list_holds_every_chain_with_its_size(frozen: World) -> None:
    [daily] = publish_roots().days
    assert {line.chain: line.size for line in roots.lines_of(daily)} == SIZES
    assert daily.entries == sum(SIZES.values())
    assert (daily.county, daily.day) == (COUNTY, today())


def test_head_and_root_are_those_of_the_rows(frozen: World) -> None:
    publish_roots()
    for line in VillageRoot.objects.all():
        leaves = [bytes(hashed) for _seq, _hash, hashed in roots.links(line.chain, upto=line.size)]
        head = bytes(LedgerHead.objects.get(chain=line.chain).hash).hex()
        assert (line.head, line.root) == (head, tree(leaves).hex())


def test_leaf_is_the_one_that_the_documents_describe(frozen: World) -> None:
    from scoring.ledger.export import entries_of

    described = [leaf(entry) for entry in entries_of(VILLAGE)]
    assert described == [bytes(hashed) for _seq, _hash, hashed in roots.links(VILLAGE, upto=SIZES[VILLAGE])]


def test_county_root_is_over_the_lines_in_the_order_of_chains(frozen: World) -> None:
    [daily] = publish_roots().days
    lines = VillageRoot.objects.order_by("chain")
    texts = [f"\0{one.chain}|{one.size}|{one.head}|{one.root}" for one in lines]
    assert daily.root == tree([sha256(text.encode()).digest() for text in texts]).hex()
    assert [one.chain for one in roots.lines_of(daily)] == sorted(SIZES)


def test_same_day_again_writes_nothing(frozen: World) -> None:
    publish_roots()
    spend(frozen)
    again = publish_roots()
    assert (again.days, again.roots) == ([], 0)
    assert DailyRoot.objects.count() == 1
    assert AuditEvent.objects.filter(action="roots.publish").count() == 1


def test_next_day_computes_only_what_moved(frozen: World) -> None:
    publish_roots(day=yesterday())
    spend(frozen)
    done = publish_roots()
    assert done.roots == 1
    fresh = VillageRoot.objects.get(day=today())
    assert (fresh.chain, fresh.size) == (VILLAGE, SIZES[VILLAGE] + 1)
    assert done.days[0].entries == sum(SIZES.values()) + 1


def test_root_grown_day_by_day_is_the_root_over_all_rows(frozen: World) -> None:
    for number in range(6):
        publish_roots(day=today() - timedelta(days=10 - number))
        spend(frozen, number)
    publish_roots()
    last = VillageRoot.objects.filter(chain=VILLAGE).latest("size")
    leaves = [bytes(hashed) for _seq, _hash, hashed in roots.links(VILLAGE, upto=last.size)]
    assert (last.size, last.root) == (SIZES[VILLAGE] + 6, merkle.root(leaves).hex())


def test_quiet_day_is_published_with_the_same_roots(frozen: World) -> None:
    [first] = publish_roots(day=yesterday()).days
    [second] = publish_roots().days
    assert (first.root, first.lines) == (second.root, second.lines)
    assert VillageRoot.objects.count() == len(SIZES)


def test_published_day_stands_whatever_moves_later(frozen: World) -> None:
    [first] = publish_roots(day=yesterday()).days
    before = roots.as_json(first, roots.named_lines(first))
    spend(frozen)
    Linkage.objects.all().delete()
    publish_roots()
    again = roots.daily_of(COUNTY, yesterday())
    assert roots.as_json(again, roots.named_lines(again)) == before


def test_department_stays_in_its_county(frozen: World) -> None:
    Linkage.objects.filter(department="SLJ").delete()
    [daily] = publish_roots().days
    assert "department:SLJ" not in {line.chain for line in roots.lines_of(daily)}
    assert "department:LYJ" in {line.chain for line in roots.lines_of(daily)}


def test_chain_that_was_only_begun_is_not_listed(frozen: World) -> None:
    ledger.lock([f"{TOWNSHIP}999"])
    [daily] = publish_roots().days
    assert [line.chain for line in roots.lines_of(daily)] == sorted(SIZES)


def test_nothing_is_published_before_there_are_points(world: World) -> None:
    assert publish_roots().days == []
    assert not DailyRoot.objects.exists()


def test_day_to_come_is_refused(frozen: World) -> None:
    with pytest.raises(Refused, match="还没有到"):
        publish_roots(day=today() + timedelta(days=1))


def test_day_before_a_published_one_is_refused(frozen: World) -> None:
    publish_roots()
    with pytest.raises(Refused, match="不能再补"):
        publish_roots(day=yesterday())


@pytest.mark.parametrize("change", ["amount = 1000", "text = '改过的'", "hash = sha256('x')", "salt = sha256('x')"])
def test_chain_that_was_tampered_with_gets_no_root(frozen: World, change: str) -> None:
    tamper(f"UPDATE scoring_pointentry SET {change} WHERE chain = '{VILLAGE}' AND seq = 3")
    done = publish_roots()
    assert done.broken == [VILLAGE]
    assert {line.chain for line in roots.lines_of(done.days[0])} == set(SIZES) - {VILLAGE}


def test_tampered_chain_keeps_its_last_good_root(frozen: World) -> None:
    publish_roots(day=yesterday())
    spend(frozen)
    tamper(f"UPDATE scoring_pointentry SET amount = -2 WHERE chain = '{VILLAGE}' AND seq = 12")
    done = publish_roots()
    assert done.broken == [VILLAGE]
    assert {line.chain: line.size for line in roots.lines_of(done.days[0])} == SIZES


@pytest.mark.parametrize("change", ["seq = seq + 1", "hash = sha256('x')"])
def test_edited_head_gets_no_root(frozen: World, change: str) -> None:
    tamper(f"UPDATE scoring_ledgerhead SET {change} WHERE chain = '{SISTER}'")
    assert publish_roots().broken == [SISTER]


@pytest.mark.parametrize("table", ["scoring_villageroot", "scoring_dailyroot"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET day = day - 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_published_cannot_be_changed(frozen: World, table: str, sql: str) -> None:
    publish_roots()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(sql.format(table))


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (VillageRoot, {"chain": "1", "size": 0, "head": "a" * 64, "root": "a" * 64}),
        (VillageRoot, {"chain": "", "size": 1, "head": "a" * 64, "root": "a" * 64}),
        (VillageRoot, {"chain": "1", "size": 1, "head": "A" * 64, "root": "a" * 64}),
        (VillageRoot, {"chain": "1", "size": 1, "head": "a" * 64, "root": "short"}),
        (DailyRoot, {"county": COUNTY, "root": "a" * 63, "entries": 1, "lines": []}),
        (DailyRoot, {"county": COUNTY, "root": "a" * 64, "entries": 0, "lines": []}),
    ],
)
def test_database_refuses_what_is_no_root(model: type, values: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(day=today(), **values)


def test_one_list_for_a_day_and_one_root_for_a_size(frozen: World) -> None:
    publish_roots()
    for row in (DailyRoot.objects.first(), VillageRoot.objects.first()):
        row.pk = None
        with pytest.raises(IntegrityError, match="once"), transaction.atomic():
            row.save(force_insert=True)


def test_failed_audit_publishes_nothing(frozen: World) -> None:
    with audit_down():
        publish_roots()
    assert not DailyRoot.objects.exists()
    assert not VillageRoot.objects.exists()


def test_command_tells_what_it_published(frozen: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("publish_roots")
    assert f"{COUNTY} {today()} 公布 7 条链、23 行：{DailyRoot.objects.get().root}" in capsys.readouterr().out
    call_command("publish_roots", f"--day={today()}")
    assert "已经公布过" in capsys.readouterr().out


def test_command_raises_the_alarm(frozen: World, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(f"UPDATE scoring_pointentry SET amount = 1000 WHERE chain = '{VILLAGE}' AND seq = 3")
    with pytest.raises(SystemExit) as end:
        call_command("publish_roots")
    assert end.value.code == 1
    assert f"链 {VILLAGE} 的行和指纹对不上" in capsys.readouterr().err


def test_task_does_the_same_for_a_county(frozen: World) -> None:
    tasks.publish_roots_of(COUNTY, day=today().isoformat())
    assert DailyRoot.objects.get().entries == 23


def test_county_whose_day_nobody_took_up_is_an_alarm_until_the_next_is_published(frozen: World) -> None:
    publish_roots(day=today() - timedelta(days=2))
    tasks.publish_roots()
    assert Alarm.objects.get().where == COUNTY
    publish_roots()
    tasks.publish_roots()
    assert Alarm.objects.get().gone_at


def test_list_of_a_county_that_fails_is_an_alarm_of_its_own(frozen: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish_roots_of", lambda *_asked: {}["x"])
        with pytest.raises(KeyError):
            tasks.publish_roots_of(COUNTY, day=today().isoformat())
    assert Alarm.objects.open().get().where.endswith(f"{COUNTY} KeyError")
    tasks.publish_roots_of(COUNTY, day=today().isoformat())
    assert Alarm.objects.get().gone_at


def test_publishing_takes_a_query_for_each_chain_that_moved(frozen: World, django_assert_num_queries: object) -> None:
    publish_roots(day=yesterday())
    with django_assert_num_queries(QUIET):
        publish_roots(day=yesterday())
    spend(frozen)
    with django_assert_num_queries(MOVED):
        publish_roots()


def test_published_json_names_places(frozen: World) -> None:
    [daily] = publish_roots().days
    listed = json.loads(json.dumps(roots.as_json(daily, roots.named_lines(daily))))
    names = {line["chain"]: line["name"] for line in listed["chains"]}
    assert names[VILLAGE] == "东山村"
    assert names["department:LYJ"] == "林业局"
    assert set(listed) == {"format", "county", "day", "entries", "root", "chains", "trail"}
    assert (listed["format"], listed["county"], listed["day"]) == (1, COUNTY, today().isoformat())


def test_lines_name_the_place_above(frozen: World) -> None:
    [daily] = publish_roots().days
    above = {line.chain: line.above for line in roots.named_lines(daily)}
    assert above == {
        TOWNSHIP: "",
        OTHER_TOWNSHIP: "",
        VILLAGE: "罗坪乡",
        SISTER: "罗坪乡",
        STRANGE: "壶瓶乡",
        "department:LYJ": "县直部门",
        "department:SLJ": "县直部门",
    }
