"""Planning, moving, holding, following up and cancelling; and the list: each exit, each refusal, nothing before the accused."""

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from households.models import AuditEvent
from households.roles import Role
from petitions.cases.actions import merging
from petitions.models import Petition, Reception, ReceptionItem, ReceptionRecord, ReceptionStep
from petitions.promises.actions import promises
from petitions.receptions.actions import lists as day_lists
from petitions.receptions.actions import planning
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.petitions.receptions.scene import LEADER, POST, Days
from tests.refusals import refusal
from tests.world import COUNTY, SISTER, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


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


def test_plan_that_makes_no_sense_is_refused(days: Days) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("leader", {"leader": " "}),
        ("post", {"post": ""}),
        ("leader", {"leader": "字" * 31}),
        ("room", {"room": "字" * 61}),
        ("kind", {"kind": "party"}),
        ("place", {"place": "430726999"}),
        ("place", {"place": "a\0b"}),
        ("leader", {"leader": "王\0"}),
        ("ends", {"ends": time(9)}),
        ("day", {"day": date(2001, 1, 1)}),
        ("unit", {"units": ("department:GONE",)}),
        ("units", {"units": (f"division:{VILLAGE}",)}),
    ]
    for field, given in wrong:
        found = refusal(days.plan, **given)
        assert field in found.fields and found.sentence, given
    assert Reception.objects.count() == 0


def test_others_do_not_plan(desk: Desk, days: Days) -> None:
    given = {"kind": "visit", "day": days.today, "starts": time(9), "ends": time(10), "place": VILLAGE}
    plan = planning.ReceptionPlan(**given, leader=LEADER, post=POST)
    for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE):
        assert refusal(planning.plan, op_id=uuid4(), plan=plan, by=desk.world.user(role)).status == 403


def test_leader_is_not_at_two_places_at_one_time(days: Days) -> None:
    days.plan()
    for starts, ends in ((time(9), time(11)), (time(11), time(12)), (time(8), time(18))):
        found = refusal(days.plan, place=STRANGE, starts=starts, ends=ends)
        assert (found.code, found.status) == ("leader_elsewhere", 409)
        assert "已排在罗坪乡接访" in found.reason


def test_leader_is_free_at_another_time_and_others_are_at_the_same(days: Days) -> None:
    days.plan()
    free = ({"starts": time(11, 30), "ends": time(12)}, {"day": days.today + timedelta(days=1)})
    for given in (*free, {"leader": "李三四"}, {"post": "县长"}):
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


def test_what_was_held_is_not_planned_again(days: Days) -> None:
    reception = step(days, planning.hold, days.plan())
    assert refusal(move, days, reception).code == "wrong_state"
    assert refusal(step, days, planning.cancel, reception, reason="晚了").code == "wrong_state"
    assert refusal(step, days, planning.hold, reception).code == "wrong_state"


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


def test_nothing_is_put_before_whom_it_accuses(desk: Desk, days: Days) -> None:
    township = f"division:{TOWNSHIP}"
    pairs: list[tuple[str, dict[str, Any]]] = [
        (LYJ, {}),
        (township, {"units": ()}),  # the people of the place itself
        (township, {"place": COUNTY, "units": (LUOPING,)}),
        (township, {"place": VILLAGE, "units": ()}),
        ("user:department", {}),
        ("user:cadre", {"place": VILLAGE, "units": ()}),
        ("user:township", {"place": COUNTY, "units": (LUOPING,)}),
    ]
    for number, (accused, given) in enumerate(pairs):
        reception, accusation = days.plan(leader=f"领导{number}", **given), desk.accusation(accused)
        assert refusal(days.put, reception, accusation).code == "accused_present", (accused, given)
    assert ReceptionItem.objects.count() == 0


def test_accusation_of_others_may_be_listed(desk: Desk, days: Days) -> None:
    pairs: list[tuple[str, dict[str, Any]]] = [
        (SLJ, {}),
        (f"division:{SISTER}", {"place": VILLAGE, "units": ()}),
        (LYJ, {"units": (SLJ,)}),
        ("user:strange-department", {}),
    ]
    for number, (accused, given) in enumerate(pairs):
        assert days.put(days.plan(leader=f"领导{number}", **given), desk.accusation(accused))


def test_leader_himself_does_not_hear_what_accuses_him(desk: Desk, days: Days) -> None:
    accusation = desk.accusation(SLJ, text=f"{LEADER}让水利局不要管。")
    assert refusal(days.put, days.plan(), accusation).code == "accused_present"
    plain = desk.file(text=f"上次{LEADER}来过，说会修。")
    assert days.put(days.plan(day=days.today + timedelta(days=1)), plain)


def test_petition_of_a_case_that_accuses_counts_as_the_accusation(desk: Desk, days: Days) -> None:
    accusation, plain = desk.accusation(LYJ), desk.file()
    merging.classify(op_id=uuid4(), petition=plain, by=desk.office, case=accusation.case)
    plain = Petition.objects.get(pk=plain.pk)
    assert refusal(days.put, days.plan(), plain).code == "accused_present"


def test_what_was_merged_is_not_listed(desk: Desk, days: Days) -> None:
    petition = desk.file()
    merged = merging.merge(op_id=uuid4(), petition=petition, into=desk.file(), by=desk.office, told="并案")
    assert refusal(days.put, days.plan(), merged).code == "wrong_state"


def test_list_has_an_end(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_lists, "MAX_ITEMS", 1)
    assert refusal(days.put, days.plan(), desk.file(), desk.file()).code == "list_full"


def test_who_must_keep_away_does_not_list_it(desk: Desk, days: Days) -> None:
    petition = desk.file(text=f"{desk.office.display_name}收了钱。")
    assert refusal(days.put, days.plan(), petition).code == "conflict_of_interest"


def test_audit_of_a_listed_accusation_tells_neither_place_nor_day(desk: Desk, days: Days) -> None:
    accusation, plain = desk.accusation(SLJ), desk.file()
    days.put(days.plan(), accusation, plain)
    lines = {line.subject: line for line in AuditEvent.objects.filter(action="reception.put")}
    assert {(line.place, str(line.detail)) for line in lines.values()} == {(COUNTY, "{}")}
    assert set(lines) == {accusation.number, plain.number}


def test_step_without_its_audit_line_is_none(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    acts: list[Callable[[], object]] = [
        lambda: days.plan(leader="李三四"),
        lambda: move(days, reception),
        lambda: step(days, planning.cancel, reception, reason="雨"),
        lambda: step(days, planning.hold, reception),
        lambda: days.put(reception, petition),
    ]
    for act in acts:
        with audit_down():
            act()
        assert (Reception.objects.get(), kinds(reception), ReceptionItem.objects.count()) == (reception, ["plan"], 0)


def test_nothing_is_deleted(desk: Desk, days: Days) -> None:
    days.record(days.plan(), desk.assigned(), outcome="promise", promise=days.promised())
    raw("SET CONSTRAINTS ALL IMMEDIATE")()
    for table in ("reception", "receptionstep", "receptionitem", "receptionrecord", "promise"):
        broken(raw(f"DELETE FROM petitions_{table}"), "append-only")
        broken(raw(f"TRUNCATE petitions_{table} CASCADE"), "append-only")


def test_who_receives_where_is_not_edited(days: Days) -> None:
    rows = Reception.objects.filter(pk=days.plan().pk)
    for change in ({"leader": "别人"}, {"place_id": VILLAGE}, {"room": "别处"}):
        broken(partial(rows.update, **change), "never changes")


def test_reception_does_not_move_without_its_line(days: Days) -> None:
    rows = Reception.objects.filter(pk=days.plan().pk)
    for change in ({"state": "held"}, {"day": date(2024, 1, 1)}, {"ends": time(23)}):
        broken(partial(rows.update, **change), "follows its history")


def test_record_and_step_are_not_edited(desk: Desk, days: Days) -> None:
    days.record(days.plan(), desk.file())
    broken(lambda: ReceptionRecord.objects.update(outcome="solved"), "append-only")
    broken(lambda: ReceptionStep.objects.update(seq=9), "append-only")
    broken(lambda: ReceptionItem.objects.update(petition_id=0), "moves on its list")


def test_reception_that_makes_no_sense_cannot_be_stored(days: Days) -> None:
    wanted = {"kind": "visit", "day": days.today, "starts": time(9), "ends": time(10), "place_id": VILLAGE}
    wanted |= {"leader": LEADER, "post": POST, "state": "planned"}
    wrong: dict[str, dict[str, Any]] = {
        "reception_kind_known": {"kind": "party"},
        "reception_state_known": {"state": "dreamt"},
        "reception_ends_after_it_starts": {"ends": time(8)},
        "reception_of_somebody": {"leader": ""},
    }
    for rule, given in wrong.items():
        broken(partial(Reception.objects.create, **wanted | given), rule)
