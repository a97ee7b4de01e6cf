"""Promises: made, moved, reported, and fulfilled only by the word of the office or the filer; read by whom they concern."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent
from households.roles import Role
from households.workdays import workdays
from households.workdays.workdays import SHANGHAI
from petitions.cases.actions import merging
from petitions.models import PetitionEvent, Promise
from petitions.promises import ladder as promise_ladder
from petitions.promises.actions import promises
from petitions.promises.actions.reminding import remind_promises
from petitions.receptions import checks as reception_checks
from tests.answers import whole
from tests.audit_failure import audit_down
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.petitions.filers import Filer, open_with, text_of
from tests.petitions.receptions.scene import Days
from tests.refusals import refusal
from tests.world import COUNTY

pytestmark = pytest.mark.django_db


def go(days: Days, action: Callable[..., Promise], promise: Promise, **more: Any) -> Promise:
    return action(op_id=uuid4(), promise=promise, **{"by": days.desk.office} | more)


def late(days: Days, by: int = 3, **more: Any) -> Promise:
    """A promise that was made some time ago and is overdue."""
    due = days.today - timedelta(days=by)
    return days.promise(promised=days.promised(due=due), said_on=due - timedelta(days=5), **more)


def steps(promise: Promise) -> list[str]:
    events = PetitionEvent.objects.filter(petition=promise.petition, kind="promise", data__promise=promise.number)
    return [event.data["step"] for event in events.order_by("seq")]


def test_promise_stands_in_the_petitions_history(days: Days) -> None:
    promise = days.promise()
    assert (promise.what, promise.unit, promise.person, promise.state) == ("十天内把路修通。", LYJ, "赵主任", "made")
    assert promise.made.data == {"promise": 1, "step": "made", "due": promise.due_on.isoformat()}
    assert promise.petition.seq == promise.seq == promise.made.seq


def test_same_promise_sent_twice_is_one_and_another_has_the_next_number(desk: Desk, days: Days) -> None:
    petition, op_id = desk.assigned(), uuid4()
    assert days.promise(petition, op_id=op_id) == days.promise(petition, op_id=op_id)
    assert days.promise(petition, promised=days.promised(unit=LUOPING)).number == 2


def test_promise_that_makes_no_sense_is_refused(desk: Desk, days: Days) -> None:
    petition = desk.assigned()
    wrong = ({"what": " "}, {"what": "字" * 501}, {"person": "字" * 31}, {"post": "\0"}, {"days": -1}, {"days": 400})
    for given in wrong:
        found = refusal(days.promise, petition, promised=days.promised(**given))
        assert (found.code, len(found.fields)) == ("promise_invalid", 1), given
    for unit in ("department:GONE", f"division:{COUNTY}", "user:department"):
        assert refusal(days.promise, petition, promised=days.promised(unit=unit)).code == "unit_unknown"
    assert Promise.objects.count() == 0


def test_accused_unit_promises_nothing(desk: Desk, days: Days) -> None:
    assert refusal(days.promise, desk.accusation(LYJ)).code == "unit_accused"


def test_only_the_office_writes_promises_down(desk: Desk, days: Days) -> None:
    petition = desk.assigned()
    for user in (desk.handler, desk.world.user(Role.COUNTY_OFFICE), desk.neighbour):
        assert refusal(days.promise, petition, by=user).status in (403, 404)


def test_day_is_moved_with_a_reason_and_counted(days: Days) -> None:
    promise, due = days.promise(), days.today + timedelta(days=20)
    moved = go(days, promises.move, promise, due=due, told="下雨，顺延。")
    assert (moved.due_on, moved.moves, moved.first_due_on) == (due, 1, promise.due_on)
    assert refusal(go, days, promises.move, promise, due=due, told="再说").code == "not_moved"
    assert refusal(go, days, promises.move, promise, due=days.today - timedelta(days=1), told="早").code == "due_wrong"
    assert refusal(go, days, promises.move, promise, due=days.today, told=" ").code == "told_missing"


def test_promise_is_fulfilled_when_the_office_agrees(days: Days) -> None:
    promise = days.report(days.promise())
    assert promise.state == "reported"
    promise = go(days, promises.send_back, promise, note="只修了一半")
    assert promise.state == "made"
    promise = go(days, promises.accept, days.report(promise), told="路已修通，现场看过。")
    assert (promise.state, steps(promise)) == ("kept", ["made", "reported", "returned", "reported", "kept"])


def test_unit_does_not_agree_with_itself(desk: Desk, days: Days) -> None:
    promise = days.report(days.promise())
    for action, more in ((promises.accept, {"told": "修了"}), (promises.give_up, {"told": "不修"})):
        assert refusal(go, days, action, promise, by=desk.handler, **more).status == 403
    assert Promise.objects.get().state == "reported"


def test_office_does_not_keep_what_was_not_reported(days: Days) -> None:
    assert refusal(go, days, promises.accept, days.promise(), told="修了").status == 403


def test_other_unit_does_not_report(desk: Desk, days: Days) -> None:
    promise = days.promise(desk.assigned(LYJ, SLJ))
    assert refusal(days.report, promise, by=desk.neighbour).code == "not_yours"
    other = days.promise(desk.assigned(LYJ))
    assert refusal(days.report, other, by=desk.neighbour).status == 404


def test_office_enters_a_report_that_came_on_paper(desk: Desk, days: Days) -> None:
    assert days.report(days.promise(), by=desk.office).state == "reported"


def test_filer_says_that_it_was_fulfilled(days: Days) -> None:
    promise = promises.confirm(op_id=uuid4(), promise=days.promise())
    line = PetitionEvent.objects.get(petition=promise.petition, seq=promise.seq)
    assert (promise.state, line.role, line.by) == ("kept", "filer", None)


def test_giving_up_gives_the_reason(days: Days) -> None:
    promise = go(days, promises.give_up, days.promise(), told="资金没有批下来。")
    assert promise.state == "given_up"
    for action, more in ((promises.move, {"due": days.today, "told": "再来"}), (promises.give_up, {"told": "再来"})):
        assert refusal(go, days, action, promise, **more).code == "wrong_state"


def test_promise_outlives_a_merge(desk: Desk, days: Days) -> None:
    petition = desk.assigned()
    promise = days.promise(petition)
    merging.merge(op_id=uuid4(), petition=petition, into=desk.file(), by=desk.office, told="并案")
    assert promises.confirm(op_id=uuid4(), promise=promise).state == "kept"


def test_step_twice_with_one_id_is_one(desk: Desk, days: Days) -> None:
    promise, op_id = days.promise(), uuid4()
    for _ in range(2):
        promises.report(op_id=op_id, promise=promise, by=desk.handler, note="修通了")
    assert steps(promise) == ["made", "reported"]


def test_audit_holds_no_words_of_a_promise(days: Days) -> None:
    promise = days.report(days.promise())
    lines = AuditEvent.objects.filter(action="petition.promise")
    assert lines.count() == 2
    assert not any("赵" in str(line.detail) or "路" in str(line.detail) for line in lines)
    assert promise.person == "赵主任"


def test_step_without_its_audit_line_is_none(days: Days) -> None:
    promise = days.promise()
    with audit_down():
        days.report(promise)
    assert (Promise.objects.get().state, steps(promise)) == ("made", ["made"])


def test_promise_follows_its_lines_and_is_not_reworded(days: Days) -> None:
    rows = Promise.objects.filter(pk=days.promise().pk)
    for change in ({"state": "kept"}, {"due_on": days.today, "moves": 1}, {"seq": 1}):
        with pytest.raises(DatabaseError, match="follows its history"), transaction.atomic():
            rows.update(**change)
    for change in ({"person": "别人"}, {"number": 9}, {"department_id": "SLJ"}, {"first_due_on": days.today}):
        with pytest.raises(DatabaseError, match="never reworded"), transaction.atomic():
            rows.update(**change)


def test_promise_is_owed_late_and_counted_in_days(days: Days) -> None:
    promise = late(days)
    assert list(Promise.objects.overdue(days.today)) == [promise]
    assert (promise.days_late(days.today), promise.days_late(promise.due_on)) == (3, 0)
    fulfilled = promises.confirm(op_id=uuid4(), promise=promise)
    assert (fulfilled.days_late(days.today), Promise.objects.overdue(days.today).count()) == (0, 0)


def test_promise_is_read_with_its_petition(desk: Desk, days: Days) -> None:
    days.promise()
    everybody = [*desk.world.people.values(), *desk.world.strangers.values()]
    readers = {user.username for user in everybody if Promise.objects.visible_to(user).exists()}
    assert readers == {"petition_office", "department"}
    assert Promise.objects.overseen_by(desk.world.user(Role.COUNTY_OFFICE)).count() == 1


def test_promise_about_an_accusation_is_not_counted(desk: Desk, days: Days) -> None:
    days.promise(desk.assign(desk.accept(desk.accusation(LYJ)), SLJ), promised=days.promised(unit=SLJ))
    assert not Promise.objects.visible_to(desk.handler).exists()
    assert not Promise.objects.overseen_by(desk.world.user(Role.COUNTY_OFFICE)).exists()


# Reminders


def at(day: Any, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def test_promise_is_reminded_of_once_a_rung_in_working_hours(days: Days) -> None:
    promise = days.promise(promised=days.promised(days=30))
    rungs = promise_ladder.reminders(days.today, promise.due_on)
    first = rungs[0].day
    assert remind_promises(at(first, 7)) == 0
    assert (remind_promises(at(first)), remind_promises(at(first, 11))) == (1, 0)
    assert remind_promises(at(rungs[3].day)) == 1
    assert steps(promise) == ["made", "reminded", "reminded"]
    line = PetitionEvent.objects.filter(petition=promise.petition).order_by("seq").last()
    assert (line.role, line.data["rung"]) == ("system", 4)


def test_promise_that_is_reported_or_ended_is_not_reminded_of(days: Days) -> None:
    promise, moment = late(days), at(workdays.on_or_after(days.today))
    days.report(promise)
    assert remind_promises(moment) == 0
    go(days, promises.accept, promise, told="修通了")
    assert remind_promises(moment) == 0


def test_moved_promise_is_reminded_of_anew(days: Days) -> None:
    promise, moment = late(days), at(workdays.on_or_after(days.today))
    assert remind_promises(moment) == 1
    go(days, promises.move, promise, due=days.today + timedelta(days=1), told="顺延")
    assert remind_promises(moment) == 1


# Checks


def test_checks_find_nothing_wrong(desk: Desk, days: Days) -> None:
    made = days.record(days.plan(), desk.assigned(), outcome="promise", promise=days.promised())
    days.report(made.promise)
    assert list(reception_checks.faults()) == []


def test_checks_name_what_does_not_fit(desk: Desk, days: Days) -> None:
    days.record(days.plan(), desk.assigned(), outcome="promise", promise=days.promised())
    wrong = {
        "UPDATE petitions_promise SET state = 'kept'": "与办理经过不符",
        "UPDATE petitions_promise SET moves = 4": "与办理经过不符",
        "UPDATE petitions_reception SET state = 'cancelled'": "与历史不符",
        "UPDATE petitions_receptionrecord SET outcome = 'solved'": "与信访件的办理经过不符",
        "DELETE FROM petitions_receptionrecord": "记录表里没有",
        "DELETE FROM petitions_promise": "承诺表里没有",
    }
    for change, words in wrong.items():
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = replica; {change}")
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert [fault.told for fault in reception_checks.faults() if words in fault.told], change
        transaction.savepoint_rollback(point)


# Pages


def act(client: Client, promise: Promise, name: str, **sent: Any) -> Any:
    return client.post(reverse("promise-act", args=[promise.pk, name]), {"op_id": str(uuid4())} | sent)


def test_ledger_shows_what_is_asked_for(desk: Desk, days: Days, office: Client) -> None:
    late(days)
    days.promise(promised=days.promised(unit=LUOPING, what="给村里装灯。"))
    everything, overdue, fulfilled = (
        text_of(office, f"{reverse('promises')}?show={show}") for show in ("open", "overdue", "kept")
    )
    assert "晚 3 天" in everything and "给村里装灯" in everything
    assert "晚 3 天" in overdue and "给村里装灯" not in overdue
    assert "没有这样的承诺" in fulfilled
    assert "给村里装灯" not in text_of(office, f"{reverse('promises')}?unit={LYJ}")
    assert "没有这样的承诺" in text_of(office, f"{reverse('promises')}?unit=x:y&show=zzz")


def test_county_office_reads_figures_by_unit(desk: Desk, days: Days) -> None:
    promise = late(days)
    text = text_of(desk.world.client(Role.COUNTY_OFFICE), reverse("promises"))
    assert "林业局" in text and "这里只有各单位的数字" in text
    assert promise.what not in text and "赵主任" not in text


def test_unit_reports_and_the_office_agrees_on_the_page(desk: Desk, days: Days, office: Client) -> None:
    promise, unit = days.promise(), desk.world.client(desk.handler)
    assert "报告已兑现" in text_of(unit, reverse("promises")) and "核实已兑现" not in text_of(unit, reverse("promises"))
    assert act(unit, promise, "report", note="").status_code == 422
    assert act(unit, promise, "accept", told="修了").status_code == 403
    assert act(unit, promise, "report", note="修通了").status_code == 302
    assert act(office, promise, "accept", told="修通了").status_code == 302
    assert Promise.objects.get().state == "kept"


def test_promise_of_others_is_not_found(desk: Desk, days: Days) -> None:
    promise = days.promise()
    for user in (desk.neighbour, desk.world.user(Role.COUNTY_OFFICE)):
        answer = act(desk.world.client(user), promise, "report", note="看看")
        assert (answer.status_code, promise.what in whole(answer)) == (404, False)
    assert act(desk.world.client(desk.office), promise, "burn").status_code == 404
    assert Promise.objects.get() == promise and Promise.objects.get().state == "made"


def test_petitions_page_shows_its_promises(desk: Desk, days: Days, office: Client) -> None:
    promise = late(days)
    text = text_of(office, reverse("petition", args=[promise.petition.number]))
    assert promise.what in text and "晚 3 天" in text and "还没有人包案" in text


def test_filer_reads_promises_and_says_that_one_was_fulfilled(desk: Desk, days: Days) -> None:
    filer = Filer()
    petition, code = filer.filed()
    desk.assign(desk.accept(petition, at=None), at=None)
    promise = days.promise(petition)
    open_with(filer.client, petition.number, code)
    text = text_of(filer.client, reverse("petition-follow"))
    assert promise.what in text and "林业局" in text and "给您的承诺" in text and "赵主任" not in text
    assert filer.act("promise_kept", number="9").status_code == 404
    filer.act("promise_kept", number="1")
    assert Promise.objects.get().state == "kept"
    assert "您确认承诺已经兑现" in text_of(filer.client, reverse("petition-follow"))
