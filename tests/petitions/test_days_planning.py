"""Planning, moving, holding, following up and cancelling; and the list: each exit, each refusal, nothing before the accused."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from households.models import AuditEvent
from households.permissions import Role
from households.refusals import Refused
from petitions.actions import cases, day_lists, planning, promises
from petitions.models import Petition, Reception, ReceptionItem, ReceptionRecord, ReceptionStep
from tests.petitions.day_scene import LEADER, POST, Days
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk, build_desk
from tests.world import COUNTY, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    return build_desk(world)


@pytest.fixture
def days(desk: Desk) -> Days:
    return Days(desk)


def refusal(act: Callable[..., object], *given: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    return caught.value


def step(days: Days, action: Callable[..., Reception], reception: Reception, **more: Any) -> Reception:
    return action(op_id=uuid4(), reception=reception, by=days.desk.office, **more)


def kinds(reception: Reception) -> list[str]:
    return list(ReceptionStep.objects.filter(reception=reception).values_list("kind", flat=True))


def move(days: Days, reception: Reception, more: int = 1, **given: Any) -> Reception:
    wanted = {"day": days.today + timedelta(days=more), "starts": time(9), "ends": time(10), "reason": "县里开会"}
    return step(days, planning.move, reception, **wanted | given)


def test_plan_is_kept_as_it_was_typed(days: Days) -> None:
    reception = days.plan(leader=" 王 一二 ", post="县委 副书记")
    assert (reception.leader, reception.post, reception.state) == (LEADER, POST, "planned")
    assert [unit.unit for unit in reception.attending.all()] == [LYJ]
    assert kinds(reception) == ["plan"]


def test_same_plan_sent_twice_is_one(days: Days) -> None:
    op_id = uuid4()
    assert days.plan(op_id=op_id) == days.plan(op_id=op_id)
    assert Reception.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"leader": " "}, "leader"),
        ({"post": ""}, "post"),
        ({"leader": "字" * 31}, "leader"),
        ({"room": "字" * 61}, "room"),
        ({"kind": "party"}, "kind"),
        ({"place": "430726999"}, "place"),
        ({"place": "a\0b"}, "place"),
        ({"leader": "王\0"}, "leader"),
        ({"ends": time(9)}, "ends"),
        ({"day": date(2001, 1, 1)}, "day"),
        ({"units": ("department:GONE",)}, "unit"),
        ({"units": (f"division:{VILLAGE}",)}, "units"),
    ],
)
def test_plan_that_makes_no_sense_is_refused(days: Days, given: dict[str, Any], wrong: str) -> None:
    found = refusal(days.plan, **given)
    assert wrong in found.fields and found.sentence
    assert Reception.objects.count() == 0


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE])
def test_others_do_not_plan(desk: Desk, days: Days, role: str) -> None:
    plan = planning.Plan(
        kind="visit", day=days.today, starts=time(9), ends=time(10), place=VILLAGE, leader=LEADER, post=POST
    )
    assert refusal(planning.plan, op_id=uuid4(), plan=plan, by=desk.world.user(role)).status == 403


@pytest.mark.parametrize(("starts", "ends"), [(time(9), time(11)), (time(11), time(12)), (time(8), time(18))])
def test_leader_is_not_at_two_places_at_one_time(days: Days, starts: time, ends: time) -> None:
    days.plan()
    found = refusal(days.plan, place=STRANGE, starts=starts, ends=ends)
    assert (found.code, found.status) == ("leader_elsewhere", 409)
    assert "已排在罗坪乡接访" in found.reason


@pytest.mark.parametrize(
    "given",
    [
        {"starts": time(11, 30), "ends": time(12)},
        {"day": timezone.localdate() + timedelta(days=1)},
        {"leader": "李三四"},
        {"post": "县长"},
    ],
)
def test_leader_is_free_at_another_time_and_others_are_at_the_same(days: Days, given: dict[str, Any]) -> None:
    days.plan()
    assert days.plan(place=STRANGE, **given).pk


def test_leader_of_a_cancelled_reception_is_free(days: Days) -> None:
    step(days, planning.cancel, days.plan(), reason="下雨")
    assert days.plan(place=STRANGE).pk


def test_moving_is_counted_and_told(days: Days) -> None:
    reception = move(days, days.plan())
    assert (reception.day, reception.moves, reception.state) == (days.today + timedelta(days=1), 1, "planned")
    assert reception.steps.last().reason == "县里开会"
    assert move(days, reception, 2).moves == 2


def test_moving_into_a_clash_is_refused(days: Days) -> None:
    days.plan(day=days.today + timedelta(days=1))
    assert refusal(move, days, days.plan()).code == "leader_elsewhere"


def test_moving_to_where_it_is_or_without_a_reason_is_refused(days: Days) -> None:
    reception = days.plan()
    assert refusal(move, days, reception, 0, ends=time(11, 30)).code == "not_moved"
    assert refusal(move, days, reception, reason=" ").code == "reason_missing"
    assert refusal(move, days, reception, reason="字" * 201).code == "reason_too_long"
    assert kinds(reception) == ["plan"]


def test_holding_waits_for_the_day(days: Days) -> None:
    assert refusal(step, days, planning.hold, days.plan(day=days.today + timedelta(days=1))).code == "not_yet"
    assert step(days, planning.hold, days.plan()).state == "held"


@pytest.mark.parametrize("action", [planning.move, planning.cancel, planning.hold])
def test_what_was_held_is_not_planned_again(days: Days, action: Callable[..., Reception]) -> None:
    reception = step(days, planning.hold, days.plan())
    more = {"reason": "晚了"} if action is not planning.hold else {}
    if action is planning.move:
        more |= {"day": days.today, "starts": time(14), "ends": time(15)}
    assert refusal(step, days, action, reception, **more).code == "wrong_state"


def test_follow_up_waits_until_everything_is_seen_to(desk: Desk, days: Days) -> None:
    reception, filed, promised = days.plan(), desk.file(), desk.assigned()
    days.put(reception, filed, promised)
    made = days.record(reception, promised, outcome="promise", promise=days.promised())
    assert "1 件没有记录，1 项承诺没有了结" in refusal(step, days, planning.follow_up, reception).reason
    days.record(reception, filed)
    assert "1 件还没有交办" in refusal(step, days, planning.follow_up, reception).reason
    desk.assign(desk.accept(filed, at=None), at=None)
    promises.confirm(op_id=uuid4(), promise=made.promise)
    assert step(days, planning.follow_up, reception).state == "followed_up"


def test_units_present_are_set_anew(days: Days) -> None:
    reception = step(days, planning.attend, days.plan(), units=[SLJ, LUOPING])
    assert {unit.unit for unit in reception.attending.all()} == {SLJ, LUOPING}


def test_accused_unit_is_not_asked_to_attend(desk: Desk, days: Days) -> None:
    reception = days.plan(units=())
    days.put(reception, desk.accusation(LYJ))
    assert refusal(step, days, planning.attend, reception, units=[LYJ]).code == "accused_present"
    assert reception.attending.count() == 0


def test_list_keeps_the_order_given(desk: Desk, days: Days) -> None:
    one, two, three, reception = desk.file(), desk.file(), desk.file(), days.plan()
    days.put(reception, two, one)
    items = days.put(reception, one, three)
    assert [item.petition for item in items] == [two, one, three]
    day_lists.reorder(op_id=uuid4(), reception=reception, petitions=[three, two], by=desk.office)
    assert day_lists.listed_petitions(reception) == [three, two, one]


def test_petition_taken_off_can_come_back(desk: Desk, days: Days) -> None:
    petition, reception = desk.file(), days.plan()
    days.put(reception, petition)
    day_lists.drop(op_id=uuid4(), reception=reception, petition=petition, by=desk.office)
    assert day_lists.listed_petitions(reception) == []
    assert len(days.put(reception, petition)) == 1
    assert ReceptionItem.objects.count() == 2


def test_petition_with_a_record_stays_on_the_list(desk: Desk, days: Days) -> None:
    petition, reception = desk.file(), days.plan()
    days.record(reception, petition)
    given = {"op_id": uuid4(), "reception": reception, "petition": petition, "by": desk.office}
    assert refusal(day_lists.drop, **given).code == "recorded"


@pytest.mark.parametrize(
    ("accused", "given"),
    [
        ((LYJ,), {}),
        ((f"division:{TOWNSHIP}",), {"units": ()}),  # the people of the place itself
        ((f"division:{TOWNSHIP}",), {"place": COUNTY, "units": (LUOPING,)}),
        ((f"division:{TOWNSHIP}",), {"place": VILLAGE, "units": ()}),
        (("user:department",), {}),
        (("user:cadre",), {"place": VILLAGE, "units": ()}),
        (("user:township",), {"place": COUNTY, "units": (LUOPING,)}),
    ],
)
def test_nothing_is_put_before_whom_it_accuses(
    desk: Desk, days: Days, accused: tuple[str, ...], given: dict[str, Any]
) -> None:
    reception, accusation = days.plan(**given), desk.accusation(*accused)
    found = refusal(days.put, reception, accusation)
    assert (found.code, ReceptionItem.objects.count()) == ("accused_present", 0)


@pytest.mark.parametrize(
    ("accused", "given"),
    [
        ((SLJ,), {}),
        ((f"division:{SISTER}",), {"place": VILLAGE, "units": ()}),
        ((LYJ,), {"units": (SLJ,)}),
        (("user:strange-department",), {}),
    ],
)
def test_accusation_of_others_may_be_listed(
    desk: Desk, days: Days, accused: tuple[str, ...], given: dict[str, Any]
) -> None:
    assert days.put(days.plan(**given), desk.accusation(*accused))


def test_leader_himself_does_not_hear_what_accuses_him(desk: Desk, days: Days) -> None:
    accusation = desk.accusation(SLJ, text=f"{LEADER}让水利局不要管。")
    assert refusal(days.put, days.plan(), accusation).code == "accused_present"
    plain = desk.file(text=f"上次{LEADER}来过，说会修。")
    assert days.put(days.plan(day=days.today + timedelta(days=1)), plain)


def test_petition_of_a_case_that_accuses_counts_as_the_accusation(desk: Desk, days: Days) -> None:
    accusation, plain = desk.accusation(LYJ), desk.file()
    cases.classify(op_id=uuid4(), petition=plain, by=desk.office, case=accusation.case)
    plain = Petition.objects.get(pk=plain.pk)
    assert refusal(days.put, days.plan(), plain).code == "accused_present"


def test_what_was_merged_is_not_listed(desk: Desk, days: Days) -> None:
    petition = desk.file()
    merged = cases.merge(op_id=uuid4(), petition=petition, into=desk.file(), by=desk.office, told="并案")
    assert refusal(days.put, days.plan(), merged).code == "wrong_state"


def test_list_has_an_end(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_lists, "MOST_ITEMS", 1)
    assert refusal(days.put, days.plan(), desk.file(), desk.file()).code == "list_full"


def test_who_must_keep_away_does_not_list_it(desk: Desk, days: Days) -> None:
    petition = desk.file(text=f"{desk.office.display_name}收了钱。")
    assert refusal(days.put, days.plan(), petition).code == "conflict_of_interest"


def test_audit_of_a_listed_accusation_tells_neither_place_nor_day(desk: Desk, days: Days) -> None:
    accusation, plain = desk.accusation(SLJ), desk.file()
    days.put(days.plan(), accusation, plain)
    lines = {line.subject: line for line in AuditEvent.objects.filter(action="reception.put")}
    assert (lines[accusation.number].place, lines[accusation.number].detail) == ("", {})
    assert lines[plain.number].place == TOWNSHIP


@pytest.mark.parametrize("action", ["plan", "move", "cancel", "hold", "put"])
def test_step_without_its_audit_line_is_none(
    desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    reception, petition = days.plan(), desk.file()
    monkeypatch.setattr("households.audit.record_all", lambda _lines: 1 / 0)
    acts: dict[str, Callable[[], object]] = {
        "plan": lambda: days.plan(leader="李三四"),
        "move": lambda: move(days, reception),
        "cancel": lambda: step(days, planning.cancel, reception, reason="雨"),
        "hold": lambda: step(days, planning.hold, reception),
        "put": lambda: days.put(reception, petition),
    }
    with pytest.raises(ZeroDivisionError):
        acts[action]()
    assert (Reception.objects.get(), kinds(reception), ReceptionItem.objects.count()) == (reception, ["plan"], 0)


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def broken(act: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


@pytest.mark.parametrize("table", ["reception", "receptionstep", "receptionitem", "receptionrecord", "promise"])
def test_nothing_is_deleted(desk: Desk, days: Days, table: str) -> None:
    days.record(days.plan(), desk.assigned(), outcome="promise", promise=days.promised())
    broken(lambda: raw(f"DELETE FROM petitions_{table}"), "append-only")
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    broken(lambda: raw(f"TRUNCATE petitions_{table} CASCADE"), "append-only")


@pytest.mark.parametrize("change", [{"leader": "别人"}, {"place_id": VILLAGE}, {"room": "别处"}])
def test_who_receives_where_is_not_edited(days: Days, change: dict[str, Any]) -> None:
    rows = Reception.objects.filter(pk=days.plan().pk)
    broken(lambda: rows.update(**change), "never changes")


@pytest.mark.parametrize("change", [{"state": "held"}, {"day": date(2024, 1, 1)}, {"ends": time(23)}])
def test_reception_does_not_move_without_its_line(days: Days, change: dict[str, Any]) -> None:
    rows = Reception.objects.filter(pk=days.plan().pk)
    broken(lambda: rows.update(**change), "follows its history")


def test_record_and_step_are_not_edited(desk: Desk, days: Days) -> None:
    days.record(days.plan(), desk.file())
    broken(lambda: ReceptionRecord.objects.update(outcome="solved"), "append-only")
    broken(lambda: ReceptionStep.objects.update(seq=9), "append-only")
    broken(lambda: ReceptionItem.objects.update(petition_id=0), "moves on its list")


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"kind": "party"}, "reception_kind_known"),
        ({"state": "dreamt"}, "reception_state_known"),
        ({"ends": time(8)}, "reception_ends_after_it_starts"),
        ({"leader": ""}, "reception_of_somebody"),
    ],
)
def test_reception_that_makes_no_sense_cannot_be_stored(days: Days, given: dict[str, Any], rule: str) -> None:
    wanted = {"kind": "visit", "day": days.today, "starts": time(9), "ends": time(10), "place_id": VILLAGE}
    wanted |= {"leader": LEADER, "post": POST, "state": "planned"}
    broken(lambda: Reception.objects.create(**wanted | given), rule)
