"""Objections on pages: behind the plate, for those who rule and key in, what waits at home, and on paper."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Plate
from households.roles import Role
from scoring.models import Objection, ScoreEvent
from scoring.objections.actions.moving import appeal
from tests.plates import own_plate
from tests.rewards.awards.pdf_text import read
from tests.scoring.notices.posting import POSTED, posted_event
from tests.scoring.objections.objecting import ONE, TWO, WORDS, objected, ruled, sent, text
from tests.world import World


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return posted_event(world, ONE, by=Role.GROUP_LEADER)


@pytest.fixture
def home(world: World) -> tuple[Client, Plate]:
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    return client, plate


def test_household_objects_below_the_line_and_reads_its_number(
    world: World, event: ScoreEvent, home: tuple[Client, Plate]
) -> None:
    client, plate = home
    own = text(client, reverse("plate", args=[plate.token]) + f"?month={POSTED}")
    way = reverse("household-objection-new", args=[plate.token, POSTED])
    assert f"{way}?event={event.pk}" in own and "提异议不扣分" in own and "还有" in own
    page = text(client, f"{way}?event={event.pk}")
    answer = client.post(way, sent(page, about=str(event.pk), text=WORDS))
    made = Objection.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse(
        "household-objection", args=[plate.token, made.pk]
    )
    receipt = text(client, answer["Location"])
    assert made.number in receipt and WORDS in receipt and "等村里评议" in receipt
    assert "1 件在办" in text(client, reverse("plate", args=[plate.token]) + f"?month={POSTED}")
    client.post(reverse("plate-leave", args=[plate.token]))
    assert made.number not in text(client, answer["Location"])


def test_household_reads_the_ruling_with_its_words_and_takes_it_further(
    world: World, event: ScoreEvent, home: tuple[Client, Plate]
) -> None:
    client, plate = home
    number = int(objected(world, event.pk, month=POSTED)["id"])
    ruled(number, world.user(Role.CADRE), upheld=False, public_reason="not_shown")
    page = text(client, reverse("household-objection", args=[plate.token, number]))
    assert "说的事没有查实" in page and "查了值班记录" in page and "不服，请求复核" in page
    client.post(reverse("household-objection-appeal", args=[plate.token, number]), sent(page))
    assert "等乡镇复核" in text(client, reverse("household-objection", args=[plate.token, number]))


def test_neighbour_finds_nothing_of_it(world: World, event: ScoreEvent) -> None:
    number = int(objected(world, event.pk, month=POSTED)["id"])
    plate, pin = own_plate(world.households[1])
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    for name in ("household-objection", "household-objection-letter"):
        assert client.get(reverse(name, args=[plate.token, number])).status_code == 404
    assert client.post(reverse("household-objection-withdraw", args=[plate.token, number])).status_code == 404
    assert WORDS not in text(client, reverse("household-objections", args=[plate.token]))


def test_ruling_page_shows_the_words_to_those_who_rule_and_says_who_may_not(world: World, event: ScoreEvent) -> None:
    number = int(objected(world, event.pk, month=POSTED)["id"])
    page = reverse("objection", args=[number])
    cadre, supervisor = world.client(Role.CADRE), world.client(Role.SUPERVISOR)
    shown = text(cadre, page)
    assert WORDS in shown and 'name="upheld"' in shown
    cadre.post(
        reverse("objection-rule", args=[number]), sent(shown, upheld="yes", public_reason="twice", reason="查过了")
    )
    assert "成立，已更正" in text(supervisor, page)
    event.refresh_from_db()
    assert event.withdraw_reason == "重复登记"
    assert world.client(Role.DEPARTMENT).get(page).status_code == 404


def test_ruling_without_a_reason_comes_back_with_what_is_wrong(world: World, event: ScoreEvent) -> None:
    number = int(objected(world, event.pk, month=POSTED)["id"])
    cadre = world.client(Role.CADRE)
    shown = text(cadre, reverse("objection", args=[number]))
    answer = cadre.post(
        reverse("objection-rule", args=[number]), sent(shown, upheld="yes", public_reason="nothing_new", reason="理由")
    )
    assert answer.status_code == 422 and "公开的原因要从列出的里面选" in answer.content.decode()
    assert Objection.objects.get().state == "first"


def test_whoever_may_not_rule_reads_why(world: World) -> None:
    event = posted_event(world, ONE)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    shown = text(world.client(Role.CADRE), reverse("objection", args=[number]))
    assert "这一条是您登记的，要由别人裁定" in shown and 'name="upheld"' not in shown


def test_it_waits_at_the_home_of_who_may_rule(world: World, event: ScoreEvent) -> None:
    def waits(role: str) -> bool:
        return "件异议等裁定" in text(world.client(role), reverse("home"))

    assert not waits(Role.SUPERVISOR)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    assert [waits(role) for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP)] == [True, True, False]
    ruled(number, world.user(Role.CADRE), upheld=False)
    appeal(op_id=uuid4(), objection=number, household=ONE)
    assert [waits(role) for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP)] == [False, False, True]


def test_supervisor_files_from_the_search_and_a_missing_deed_too(world: World, event: ScoreEvent) -> None:
    supervisor = world.client(Role.SUPERVISOR)
    found = text(supervisor, reverse("objection-new") + f"?month={POSTED}&words=李四光")
    way = reverse("objection-new") + f"?month={POSTED}&code={TWO}"
    assert f"code={TWO}" in found
    page = text(supervisor, way)
    supervisor.post(way, sent(page, way="supervisor", about="missing", text="清沟来了三次，没有记。"))
    made = Objection.objects.get()
    assert (made.event, made.way, made.code) == (None, "supervisor", TWO)
    assert made.number in text(supervisor, reverse("objections"))


def test_letters_say_no_words_of_anybody(world: World, event: ScoreEvent, home: tuple[Client, Plate]) -> None:
    client, plate = home
    number = int(objected(world, event.pk, month=POSTED)["id"])
    receipt = "".join(read(client.get(reverse("household-objection-letter", args=[plate.token, number])).content))
    assert "异议回执" in receipt and Objection.objects.get().number in receipt and "张*家" in receipt
    ruled(number, world.user(Role.CADRE), public_reason="twice")
    ruling = "".join(read(world.client(Role.CADRE).get(reverse("objection-letter", args=[number])).content))
    assert "异议裁定书" in ruling and "重复登记" in ruling
    assert WORDS not in receipt + ruling and "值班记录" not in ruling and "张三丰" not in ruling
    form = "".join("".join(read(Client().get(reverse("objection-form")).content)).split())
    assert "六零积分异议申请表" in form and "交给村干部、村务监督委员或乡镇，拿一张" in form


def test_list_asks_the_database_as_often_for_any_number(
    world: World, event: ScoreEvent, django_assert_max_num_queries: object
) -> None:
    township = world.client(Role.TOWNSHIP)
    objected(world, event.pk, month=POSTED)
    township.get(reverse("objections"))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        township.get(reverse("objections"))
    for code in (ONE, TWO):
        objected(world, None, month=POSTED, code=code)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        township.get(reverse("objections"))
