"""The pages of corrections: the list, the request, the decision with what it would change."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.http import HttpResponse

from households.roles import Role
from scoring.models import Adjustment
from tests.scoring.facts import score
from tests.scoring.restatements.adjusting import FIRST, SECOND, ask, ask_addition, ask_withdrawal, frozen_with, grant
from tests.world import MONTH, STRANGE, World

pytestmark = pytest.mark.django_db
NEW = f"/adjustments/new/?month={MONTH}&code={FIRST}"


class Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def text(answer: HttpResponse) -> str:
    return " ".join(Text(answer.content.decode()).words)


def page(world: World, who: object, path: str = "/adjustments/") -> HttpResponse:
    return world.client(who).get(path)


def test_township_asks_on_the_page(world: World) -> None:
    event = frozen_with(world)
    sent = {"op_id": uuid4(), "withdraw": event.pk, "reason": "现场复核没有倾倒"}
    answer = world.client(Role.TOWNSHIP).post(NEW, sent, follow=True)
    assert "已经申请，等县六零办决定。" in text(answer)
    assert Adjustment.objects.get().reason == "现场复核没有倾倒"


def test_township_asks_for_an_addition_on_the_page(world: World) -> None:
    frozen_with(world)
    sent = {"op_id": uuid4(), "clause": "WR02", "date": "2024-05-21", "reason": "漏登"}
    world.client(Role.TOWNSHIP).post(NEW, sent)
    assert (Adjustment.objects.get().clause.code, Adjustment.objects.get().code) == ("WR02", FIRST)


def test_refused_request_keeps_what_was_typed(world: World) -> None:
    frozen_with(world)
    sent = {"op_id": uuid4(), "clause": "WR06", "date": "2024-05-21", "reason": "漏登一条"}
    answer = world.client(Role.TOWNSHIP).post(NEW, sent)
    assert (answer.status_code, "须有文书号" in text(answer), "漏登一条" in text(answer)) == (422, True, True)
    assert Adjustment.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("张三丰", FIRST),
        ("zsf", FIRST),
        ("东山村第1组", FIRST[:14]),
        ("东山村一组", FIRST[:14]),
        ("东山", FIRST[:12]),
    ],
)
def test_place_is_found_by_what_people_call_it(world: World, words: str, code: str) -> None:
    html = page(world, Role.TOWNSHIP, f"/adjustments/new/?month={MONTH}&words={words}").content.decode()
    assert f'href="?month={MONTH}&amp;code={code}"' in html
    assert "张三丰家" not in html
    assert STRANGE not in html


def test_place_outside_the_township_is_not_found(world: World) -> None:
    answer = page(world, Role.TOWNSHIP, f"/adjustments/new/?month={MONTH}&words=郑南坪")
    assert "没有找到" in text(answer)
    assert STRANGE not in answer.content.decode()


def test_form_offers_no_petition_clause(world: World) -> None:
    frozen_with(world)
    words = text(page(world, Role.TOWNSHIP, NEW))
    assert "WR02" in words and "WJ06" in words and "FF0" not in words


def test_event_opened_on_the_why_page_is_chosen(world: World) -> None:
    event = frozen_with(world)
    html = page(world, Role.TOWNSHIP, f"{NEW}&event={event.pk}").content.decode()
    assert f'value="{event.pk}" required checked' in html


def test_other_township_does_not_find_the_household(world: World) -> None:
    frozen_with(world)
    answer = page(world, world.stranger(Role.TOWNSHIP), NEW)
    assert (answer.status_code, "张" in text(answer), FIRST in text(answer)) == (404, False, False)


def test_place_is_asked_for_when_it_is_missing(world: World) -> None:
    assert "哪一户、哪个组或村" in text(page(world, Role.TOWNSHIP, "/adjustments/new/"))


@pytest.mark.parametrize("query", ["month=May&code=1", f"month={MONTH}&code=43x"])
def test_place_that_cannot_be_read_is_asked_for_again(world: World, query: str) -> None:
    assert "哪一户、哪个组或村" in text(page(world, Role.TOWNSHIP, f"/adjustments/new/?{query}"))


def test_decision_page_shows_what_would_change(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    words = text(page(world, Role.COUNTY_OFFICE, f"/adjustments/{adjustment.pk}/"))
    for expected in ("0001号户 户 90 → 100", "东山村 村 98.75 → 100.00 第 3 → 第 1", "罗坪乡 乡镇 99.00 → 100.00"):
        assert expected in words
    assert score(FIRST) == 90


def test_county_office_grants_on_the_page(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    client = world.client(Role.COUNTY_OFFICE)
    answer = client.post(f"/adjustments/{adjustment.pk}/grant/", {"op_id": uuid4()}, follow=True)
    assert "各级结果、积分和排名已重新计算" in text(answer)
    assert (score(FIRST), "第 2 版" in text(answer)) == (100, True)


def test_county_office_refuses_on_the_page(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    client = world.client(Role.COUNTY_OFFICE)
    sent = {"op_id": uuid4(), "reason": "文书有效"}
    client.post(f"/adjustments/{adjustment.pk}/refuse/", sent)
    assert "不同意，县六零办甲" in text(page(world, Role.TOWNSHIP)).replace(" ", "").replace("（", "（")
    assert score(FIRST) == 90


def test_refusing_without_a_reason_changes_nothing(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    answer = world.client(Role.COUNTY_OFFICE).post(f"/adjustments/{adjustment.pk}/refuse/", {"op_id": uuid4()})
    assert answer.status_code == 400
    assert Adjustment.objects.get().state == "asked"


def test_decided_meanwhile_is_told(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    grant(world, adjustment)
    answer = world.client(Role.COUNTY_OFFICE).post(f"/adjustments/{adjustment.pk}/grant/", {"op_id": uuid4()})
    assert (answer.status_code, "已经有了决定" in text(answer)) == (409, True)


def test_township_sees_no_buttons_to_decide(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    assert "同意，重新计算" not in text(page(world, Role.TOWNSHIP, f"/adjustments/{adjustment.pk}/"))


def test_requests_of_another_township_are_not_listed(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    stranger = world.stranger(Role.TOWNSHIP)
    assert "0001号户" not in text(page(world, stranger))
    assert page(world, stranger, f"/adjustments/{adjustment.pk}/").status_code == 404


def test_petition_entry_stays_withheld(world: World) -> None:
    event = world.record(FIRST, "FF01", by=world.user(Role.PETITION_OFFICE), document_no="石公行罚决字〔2024〕3号")
    world.frozen_month()
    ask(world, withdraw=event.pk, reason="认错了人")
    words = text(page(world, Role.TOWNSHIP))
    assert "依法记录，内容不公开" in words and "认错了人" not in words and "FF01" not in words
    assert "FF01" in text(page(world, Role.COUNTY_OFFICE))


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_database_the_same_for_one_and_three(
    world: World, number: int, django_assert_num_queries: object
) -> None:
    frozen_with(world)
    for clause in ("WR02", "WR04", "WJ02")[:number]:
        ask_addition(world, SECOND, clause)
    client = world.client(Role.COUNTY_OFFICE)
    client.get("/adjustments/")
    with django_assert_num_queries(5):
        client.get("/adjustments/")


def test_household_page_says_why_an_event_no_longer_counts(world: World) -> None:
    event = frozen_with(world)
    grant(world, ask_withdrawal(world, event))
    words = text(page(world, Role.CADRE, f"/why/{MONTH}/{FIRST}/"))
    assert "已撤回 ：复核后更正" in words or "已撤回：复核后更正" in words
    assert STRANGE not in words
