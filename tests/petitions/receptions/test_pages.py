"""Pages of days: the calendar, planning, one reception with its list and suggestions, its record, its sheets."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.roles import Role
from petitions.models import Petition, Reception, ReceptionItem, ReceptionRecord
from petitions.receptions import briefings
from tests.answers import whole
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.petitions.filers import text_of
from tests.petitions.receptions.scene import LEADER, SAID, Days
from tests.world import TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
MAX_QUERIES = 14  # the session's two and the twelve of the page


def page(client: Client, reception: Reception, **query: str) -> str:
    response = client.get(reverse("reception", args=[reception.pk]), query)
    assert response.status_code == 200
    return str(response.content.decode())


def act(client: Client, reception: Reception, name: str, **sent: Any) -> Any:
    address = reverse("reception-act", args=[reception.pk, name])
    return client.post(address, {"op_id": str(uuid4())} | sent)


def test_calendar_shows_both_days_and_who_receives(days: Days, office: Client) -> None:
    days.plan()
    text = text_of(office, reverse("days"))
    assert "企业家日" in text and "无会周" in text and LEADER in text and "罗坪乡" in text


def test_calendar_of_an_asked_month(office: Client) -> None:
    text = text_of(office, f"{reverse('days')}?month=2024-06")
    assert "2024年6月" in text and "2024年7月" in text
    assert "6月23日" in text and "这天不上班，照常举行" in text
    assert "6月24日至6月28日" in text


def test_calendar_of_nonsense_is_this_month(office: Client, days: Days) -> None:
    for month in ("x", "2024-13", "0001-01", "9999-12"):
        assert f"{days.today.year}年{days.today.month}月" in text_of(office, f"{reverse('days')}?month={month}")


def test_unknown_year_is_said_to_be_uncertain(office: Client) -> None:
    assert "放假安排还没有公布" in text_of(office, f"{reverse('days')}?month=2099-05")


def test_moved_enterprise_day_says_so(office: Client, settings: Any) -> None:
    for rule, day in (("before", "6月21日"), ("after", "6月24日")):
        settings.PETITION_ENTERPRISE_DAY = rule
        text = text_of(office, f"{reverse('days')}?month=2024-06")
        assert "23 日不上班，顺移" in text and day in text


def test_overdue_promise_stands_at_the_top(days: Days, office: Client) -> None:
    days.promise(
        promised=days.promised(days=0, due=days.today - timedelta(days=3)), said_on=days.today - timedelta(days=9)
    )
    text = text_of(office, reverse("days"))
    assert "1 项承诺超过了日期" in text and "晚 3 天" in text


def test_county_office_reads_the_schedule_without_contents(desk: Desk, days: Days) -> None:
    petition = desk.assigned()
    reception = days.plan()
    days.put(reception, petition)
    days.promise(
        petition, promised=days.promised(due=days.today - timedelta(days=3)), said_on=days.today - timedelta(days=9)
    )
    client = desk.world.client(Role.COUNTY_OFFICE)
    calendar, one = text_of(client, reverse("days")), page(client, reception)
    assert LEADER in calendar and "1 件" in calendar and "1 项承诺超过了日期" in calendar
    assert petition.title not in calendar + one and "修通" not in calendar + one
    assert "1 件，已记 0 件" in one


def test_empty_calendar_says_so(desk: Desk) -> None:
    for role in (Role.PETITION_OFFICE, Role.CADRE, Role.DEPARTMENT):
        text = text_of(desk.world.client(role), reverse("days"))
        assert "接访" in text and "empty-box" in text


def test_reception_is_planned_on_its_page(office: Client, days: Days) -> None:
    sent = {"op_id": str(uuid4()), "kind": "visit", "day": f"{days.today}", "starts": "09:00", "ends": "11:00"}
    sent |= {"place": TOWNSHIP, "leader": "李 三四", "post": "县长", "units": [LYJ]}
    answer = office.post(reverse("day-plan"), sent)
    reception = Reception.objects.get()
    assert answer["Location"] == reverse("reception", args=[reception.pk])
    assert (reception.leader, reception.attending.get().unit) == ("李三四", LYJ)


def test_clash_comes_back_on_the_form(office: Client, days: Days) -> None:
    days.plan()
    sent = {"op_id": str(uuid4()), "kind": "visit", "day": f"{days.today}", "starts": "10:00", "ends": "12:00"}
    answer = office.post(reverse("day-plan"), sent | {"place": VILLAGE, "leader": LEADER, "post": "县委副书记"})
    assert answer.status_code == 409
    assert "已排在罗坪乡接访" in answer.content.decode()


def test_incomplete_plan_comes_back(office: Client) -> None:
    answer = office.post(reverse("day-plan"), {"op_id": str(uuid4()), "kind": "visit"})
    assert (answer.status_code, Reception.objects.count()) == (422, 0)


def test_list_is_made_from_suggestions(desk: Desk, days: Days, office: Client) -> None:
    near, other = desk.assigned(), desk.assigned(place="430726202201")
    reception = days.plan()
    text = page(office, reception)
    assert near.number in text and other.number not in text
    assert act(office, reception, "put", numbers=[near.number]).status_code == 302
    assert ReceptionItem.objects.get().petition == near
    assert f'value="{near.number}"><span>' not in page(office, reception)


def test_suggestions_are_grouped_as_asked(desk: Desk, days: Days, office: Client) -> None:
    desk.assigned()
    reception = days.plan()
    for by, name in (("place", "东山村"), ("department", "林业局"), ("owner", "没有别的在办")):
        assert name in page(office, reception, by=by)


def test_everything_open_about_the_place_is_taken_along(desk: Desk, days: Days, office: Client) -> None:
    one, two, _elsewhere = desk.file(), desk.assigned(), desk.file(place="430726202201")
    accusation, ended = desk.accusation(LYJ), desk.closed()
    reception = days.plan()
    assert act(office, reception, "route").status_code == 302
    listed = set(ReceptionItem.objects.values_list("petition", flat=True))
    assert listed == {one.pk, two.pk}
    assert accusation.pk not in listed and ended.pk not in listed


def test_number_that_is_not_there_comes_back_in_words(days: Days, office: Client) -> None:
    answer = act(office, days.plan(), "put", number="430726-2020-000001")
    assert answer.status_code == 422
    assert "没有找到要排的信访件" in answer.content.decode()


def test_list_is_reordered_and_shortened(desk: Desk, days: Days, office: Client) -> None:
    one, two, reception = desk.file(), desk.file(), days.plan()
    days.put(reception, one, two)
    act(office, reception, "up", number=two.number)
    standing = ReceptionItem.objects.filter(removed_at=None).order_by("position")
    assert list(standing.values_list("petition", flat=True)) == [two.pk, one.pk]
    act(office, reception, "drop", number=two.number)
    assert standing.get().petition == one


def test_steps_of_a_reception_are_made_on_its_page(days: Days, office: Client) -> None:
    reception, morrow = days.plan(), days.today + timedelta(days=1)
    sent = {"day": f"{morrow}", "starts": "14:00", "ends": "16:00", "reason": "县里开会"}
    assert act(office, reception, "move", **sent).status_code == 302
    text = page(office, reception)
    assert "改期 1 次" in text and "县里开会" in text
    assert act(office, reception, "attend", units=[SLJ]).status_code == 302
    assert "水利局" in page(office, reception)
    assert act(office, reception, "hold").status_code == 422
    assert act(office, reception, "cancel", reason="").status_code == 422
    assert act(office, reception, "cancel", reason="下大雨").status_code == 302
    assert "已取消" in page(office, reception)


def test_step_that_is_none_is_not_found(days: Days, office: Client) -> None:
    assert act(office, days.plan(), "burn").status_code == 404
    assert (Reception.objects.get().state, ReceptionItem.objects.count()) == ("planned", 0)


def test_record_is_written_on_its_page(desk: Desk, days: Days, office: Client) -> None:
    petition, reception = desk.assigned(), days.plan()
    days.put(reception, petition)
    address = reverse("reception-case", args=[reception.pk, petition.number])
    assert "接访情况" in text_of(office, address)
    sent = {"op_id": str(uuid4()), "outcome": "promise", "note": SAID, "what": "十天内修通", "unit": LYJ}
    assert office.post(address, sent).status_code == 422
    done = office.post(address, sent | {"due": f"{days.today + timedelta(days=9)}"})
    assert done["Location"] == reverse("reception", args=[reception.pk])
    text = page(office, reception)
    assert SAID in text and "十天内修通" in text and "作出承诺" in text


def test_new_matter_gives_its_receipt(days: Days, office: Client) -> None:
    reception = days.plan()
    address = reverse("reception-new-matter", args=[reception.pk])
    assert "登记新来的事" in text_of(office, address)
    sent = {"op_id": str(uuid4()), "outcome": "follow", "note": SAID, "title": "水渠", "text": "水渠不通水。"}
    answer = office.post(address, sent | {"place": VILLAGE, "content": "appeal", "name": "李四光"})
    petition = Petition.objects.get()
    assert answer.status_code == 200 and petition.number in answer.content.decode()
    assert ReceptionRecord.objects.get().item is not None


def test_accusation_of_who_is_there_is_shown_to_the_office_apart(desk: Desk, days: Days, office: Client) -> None:
    reception = days.plan()
    made = days.record(reception, filing=days.filing(content="accusation", accused=(LYJ,), title="林业局的事"))
    assert "没有列入名单的记录" in page(office, reception) and made.petition.title in page(office, reception)
    theirs = page(desk.world.client(desk.handler), reception)
    assert made.petition.title not in theirs and "没有列入名单" not in theirs and "0 件" in theirs


def test_unit_reads_its_own_cases_and_no_other(desk: Desk, days: Days) -> None:
    reception, own, other = days.plan(), desk.assigned(title="林业局的件"), desk.assigned(SLJ, title="水利局的件")
    days.put(reception, own, other)
    text = page(desk.world.client(desk.handler), reception)
    assert own.title in text and other.title not in text
    assert "记录</a>" not in text and "可以一起看" not in text


def test_reception_elsewhere_is_not_found(desk: Desk, days: Days) -> None:
    reception = days.plan()
    for user in (desk.neighbour, desk.world.stranger(Role.TOWNSHIP), desk.world.stranger(Role.CADRE)):
        answer = desk.world.client(user).get(reverse("reception", args=[reception.pk]))
        assert (answer.status_code, LEADER in whole(answer)) == (404, False)
    assert LEADER in page(desk.world.client(desk.handler), reception)


def test_briefing_prints_a_sheet_for_each_case(desk: Desk, days: Days, office: Client) -> None:
    reception, petition = days.plan(), desk.assigned()
    address = reverse("reception-briefing", args=[reception.pk])
    assert office.get(address).status_code == 302
    days.put(reception, petition)
    answer = office.get(address)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("cases", [1, 4])
def test_pages_cost_the_same_for_one_and_many(desk: Desk, days: Days, office: Client, cases: int) -> None:
    reception = days.plan()
    petitions = [desk.assigned() for _ in range(cases)]
    days.put(reception, *petitions[: max(cases - 1, 1)])
    days.record(reception, petitions[0])
    days.promise(petitions[0])
    for number in range(cases - 1):
        days.plan(leader=f"副职{number}", starts=time(14), ends=time(15))
    for name, args in (("days", ()), ("promises", ()), ("owned", ())):
        with CaptureQueriesContext(connection) as caught:
            assert office.get(reverse(name, args=args)).status_code == 200
        assert len(caught) <= MAX_QUERIES, (name, len(caught))
    with CaptureQueriesContext(connection) as caught:
        page(office, reception)
    assert len(caught) <= MAX_QUERIES + 8, len(caught)


def test_sheet_masks_the_filer_and_shortens_what_is_long(desk: Desk, days: Days) -> None:
    petition = desk.assigned(text="路断了。" * 400)
    days.promise(petition)
    reception = days.plan()
    days.put(reception, petition)
    [sheet] = briefings.sheets(reception, desk.office, days.today)
    assert ("来信人", "张*") in sheet.facts and "张三丰" not in f"{sheet}"
    assert len(sheet.text) == briefings.MAX_TEXT and sheet.text.endswith("…")
    assert sheet.clocks and sheet.promises[0][1] == "林业局"
    assert [line[1] for line in sheet.history][:2] == ["提交（来信人）", "受理"]


def test_accusation_is_on_a_sheet_only_among_those_at_work_on_it(desk: Desk, days: Days) -> None:
    accusation = desk.assign(desk.accept(desk.accusation(SLJ)))
    for units, sheets in (((LYJ,), 1), ((LYJ, LUOPING), 0), ((), 0)):
        reception = days.plan(units=units, leader=f"领导{len(units)}")
        days.put(reception, accusation)
        assert len(briefings.sheets(reception, desk.office, days.today)) == sheets
