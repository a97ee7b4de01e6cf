"""The residents' choice on pages: the household's own, the staff's; and that nobody learns who chose what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from households.models import AuditEvent, Household, Operation
from households.roles import Role
from rewards.models import Ballot, Project, Slip, Voice
from rewards.projects.actions.ballots import call_off, choose, hand_out_slip, key_slip
from tests.answers import whole
from tests.plates import own_plate
from tests.rewards.projects.village_works import asked, fresh, listed, settled
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db


class Home:
    """A household's browser behind its plate."""

    def __init__(self, household: Household) -> None:
        plate, pin = own_plate(household)
        self.client = Client()
        self.client.post(reverse("plate", args=[plate.token]), {"pin": pin})
        self.address = reverse("villager-projects", args=[plate.token])

    def page(self) -> str:
        return self.client.get(self.address).content.decode()

    def choose(self, ballot: Ballot, *projects: Project) -> HttpResponse:
        picks = [project.pk for project in projects]
        return self.client.post(self.address, {"ballot": ballot.pk, "pick": picks}, follow=True)


@pytest.fixture
def home(world: World) -> Home:
    return Home(world.household)


def act(world: World, role: str, ballot: Ballot, name: str, **typed: object) -> HttpResponse:
    return world.client(role).post(reverse(f"ballot-{name}", args=[ballot.pk]), typed, follow=True)


def test_page_without_a_pin_leads_to_the_door(world: World, ballot: Ballot) -> None:
    plate, _ = own_plate(world.household)
    address = reverse("villager-projects", args=[plate.token])
    assert Client().get(address)["Location"] == reverse("plate", args=[plate.token])
    assert Client().post(address, {"ballot": ballot.pk, "pick": ballot.options.first().project_id}).status_code == 302
    assert not Voice.objects.exists()


def test_household_sees_what_is_proposed_and_what_it_costs(ballot: Ballot, home: Home) -> None:
    text = home.page()
    assert all(title in text for title in ("一组修路", "二组水渠", "三组路灯", "要花 5 万元"))
    assert 'type="radio"' in text


def test_household_chooses_and_changes_its_mind(ballot: Ballot, needs: list[Project], home: Home) -> None:
    assert "已记下您家的选择" in home.choose(ballot, needs[0]).content.decode()
    home.choose(ballot, needs[2])
    assert ballot.voices.get().picks == [needs[2].pk]
    assert "您家已经选好了" in home.page()


def test_choosing_nothing_is_told_in_plain_words(ballot: Ballot, home: Home) -> None:
    answer = home.choose(ballot)
    assert answer.status_code == 422
    assert "请选一个项目" in answer.content.decode()


@pytest.mark.parametrize("pick", ["", "abc", "9" * 30, "-1", "²"])
def test_nonsense_is_no_voice(ballot: Ballot, home: Home, pick: str) -> None:
    answer = home.client.post(home.address, {"ballot": ballot.pk, "pick": pick})
    assert answer.status_code == 422
    assert not Voice.objects.exists()


def test_choice_of_an_older_page_is_not_counted(world: World, ballot: Ballot, needs: list[Project], home: Home) -> None:
    call_off(ballot=ballot, reason="漏列一项", by=None)
    asked(world, needs[:2])
    answer = home.choose(ballot, needs[0])
    assert answer.status_code == 409
    assert not Voice.objects.exists()


def test_household_with_a_slip_is_told_to_use_it(world: World, ballot: Ballot, home: Home) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    text = home.page()
    assert "已经领了纸质票" in text
    assert 'name="pick"' not in text


def test_result_stands_on_the_page_with_the_households_own_choice(
    ballot: Ballot, needs: list[Project], home: Home
) -> None:
    home.choose(ballot, needs[1])
    settled(ballot)
    text = home.page()
    assert "选中" in text
    assert "您家选的是：<strong>二组水渠" in text


def test_several_may_be_picked_where_several_are_allowed(world: World, needs: list[Project], home: Home) -> None:
    ballot = asked(world, needs, picks=2)
    assert 'type="checkbox"' in home.page()
    home.choose(ballot, *needs[:2])
    assert len(ballot.voices.get().picks) == 2


def test_no_page_of_the_staff_tells_who_chose_what(world: World, ballot: Ballot, needs: list[Project]) -> None:
    """One household chose alone: not even a count of one may be seen before the end."""
    choose(ballot=ballot, household=world.household, picks=[needs[1].pk])
    pages = [
        reverse("ballot", args=[ballot.pk]),
        reverse("public-projects", args=[VILLAGE]),
        f"/projects/{needs[1].pk}/",
    ]
    for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE):
        for address in pages:
            text = world.client(role).get(address).content.decode()
            assert "1 票" not in text
            assert "张三丰" not in text
            assert world.household.code not in text


def test_logs_keep_no_choice(world: World, ballot: Ballot, needs: list[Project], home: Home) -> None:
    before = AuditEvent.objects.count(), Operation.objects.count()
    home.choose(ballot, needs[1])
    assert (AuditEvent.objects.count(), Operation.objects.count()) == before


def test_slip_waiting_for_its_reader_does_not_show_what_is_on_it(
    world: World, ballot: Ballot, needs: list[Project]
) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    act(world, Role.CADRE, ballot, "slip", number=1, picks=[needs[2].pk])
    text = world.client(Role.SUPERVISOR).get(reverse("ballot", args=[ballot.pk])).content.decode()
    assert "待核对" in text
    assert " checked" not in text


def test_cadre_opens_a_ballot_on_the_page(world: World, needs: list[Project]) -> None:
    day = timezone.localdate() + timedelta(days=7)
    typed = {"op_id": str(uuid4()), "title": "先办哪件", "picks": 1, "places": 1, "closes_on": day.isoformat()}
    address = reverse("ballot-new", args=[VILLAGE])
    for _ in range(2):  # a double press opens one
        answer = world.client(Role.CADRE).post(address, typed | {"projects": [need.pk for need in needs]})
        assert answer.status_code == 302
    ballot = Ballot.objects.get()
    assert timezone.localtime(ballot.closes_at).date() == day
    assert ballot.options.count() == 3


def test_ballot_form_with_a_fault_comes_back(world: World, needs: list[Project]) -> None:
    typed = {"op_id": str(uuid4()), "title": "先办哪件", "picks": 1, "places": 1, "closes_on": "2020-01-01"}
    answer = world.client(Role.CADRE).post(reverse("ballot-new", args=[VILLAGE]), typed | {"projects": [needs[0].pk]})
    assert answer.status_code == 422
    assert "截止时间要在现在以后" in answer.content.decode()


def test_paper_goes_from_hand_out_to_result(world: World, ballot: Ballot, needs: list[Project]) -> None:
    assert "领票已登记" in act(world, Role.CADRE, ballot, "paper", household="010002").content.decode()
    act(world, Role.CADRE, ballot, "slip", number=7, picks=[needs[2].pk])
    assert "已核对" in act(world, Role.SUPERVISOR, ballot, "check", number=7, picks=[needs[2].pk]).content.decode()
    assert [project.title for project in settled(ballot)] == ["三组路灯"]


def test_slip_read_differently_is_struck_with_a_word(world: World, ballot: Ballot, needs: list[Project]) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    key_slip(ballot=ballot, number=1, picks=[needs[0].pk], by=world.user(Role.CADRE))
    answer = act(world, Role.SUPERVISOR, ballot, "check", number=1, picks=[needs[1].pk])
    assert "两次录的不一样" in answer.content.decode()
    assert Slip.objects.get().struck_at


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("paper", {"household": "999999"}, "没有编号是"),
        ("paper", {"household": ""}, "登记领纸质票"),
        ("slip", {"number": 1}, "一共只发了 0 张"),
        ("check", {"number": 5}, "还没有录过 5 号票"),
        ("settle", {}, "还没有截止"),
        ("off", {"reason": ""}, "作废"),
    ],
)
def test_what_cannot_be_done_is_told_on_the_page(
    world: World, ballot: Ballot, name: str, typed: dict[str, object], words: str
) -> None:
    answer = act(world, Role.CADRE, ballot, name, **typed)
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert not fresh(ballot).ended


def test_ballot_is_called_off_with_a_reason(world: World, ballot: Ballot) -> None:
    text = act(world, Role.CADRE, ballot, "off", reason="漏列了一项").content.decode()
    assert "作废原因：漏列了一项" in text


@pytest.mark.parametrize("name", ["paper", "slip", "check", "settle", "off"])
def test_stranger_does_not_find_the_ballot(world: World, ballot: Ballot, name: str) -> None:
    client = world.client(world.stranger(Role.CADRE))
    before = (fresh(ballot).ended, Slip.objects.count())
    for answer in (
        client.post(reverse(f"ballot-{name}", args=[ballot.pk]), {"reason": "别村的"}),
        client.get(reverse("ballot", args=[ballot.pk])),
    ):
        assert (answer.status_code, "一组修路" in whole(answer)) == (404, False)
    assert (fresh(ballot).ended, Slip.objects.count()) == before


def test_group_leader_reads_no_slips(world: World, ballot: Ballot, needs: list[Project]) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    slip = key_slip(ballot=ballot, number=1, picks=[needs[0].pk], by=world.user(Role.CADRE))
    assert act(world, Role.GROUP_LEADER, ballot, "check", number=1, picks=[needs[0].pk]).status_code == 403
    assert fresh(slip).confirmed_at is None


def test_slips_are_printed_with_numbers_and_no_names(world: World, ballot: Ballot) -> None:
    address = reverse("ballot-print", args=[ballot.pk])
    text = world.client(Role.CADRE).get(f"{address}?slips=12").content.decode()
    assert text.count('class="slip"') == 12
    assert "12 号" in text
    assert "张三丰" not in text


@pytest.mark.parametrize("wanted", ["0", "801", "000200000", "0007999999999", "-1", "８", "1" * 5000])
def test_no_number_in_the_address_prints_more_slips_than_a_village_needs(
    world: World, ballot: Ballot, wanted: str
) -> None:
    answer = world.client(Role.CADRE).get(reverse("ballot-print", args=[ballot.pk]), {"slips": wanted})
    assert (answer.status_code, b'class="slip"' in answer.content) == (404, False)


@pytest.mark.parametrize("number", [1, 3])
def test_household_page_costs_the_same_queries_for_one_and_three(
    world: World, home: Home, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked(world, listed(world, *["路", "渠", "灯"][:number]))
    with django_assert_num_queries(8):
        home.page()


@pytest.mark.parametrize("number", [1, 3])
def test_ballot_page_costs_the_same_queries_for_one_and_three(
    world: World, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ballot = asked(world, listed(world, *["路", "渠", "灯"][:number]))
    for household in world.households[:number]:
        hand_out_slip(ballot=ballot, household=household, by=None)
        key_slip(ballot=ballot, number=int(household.code[-1]), picks=[], by=world.user(Role.CADRE))
    client = world.client(Role.CADRE)
    with django_assert_num_queries(14):
        client.get(reverse("ballot", args=[ballot.pk]))
