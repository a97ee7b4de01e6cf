"""The list of petitions: who sees what, lamps, filters, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from petitions.clock_types import SOON_DAYS
from petitions.lamps import Lamp, lamp_of
from petitions.models import Petition
from petitions.states import PetitionState
from petitions.worklist.reads import asked, lamps, under_lamp
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.world import STRANGE, TOWNSHIP

pytestmark = pytest.mark.django_db


def listed(desk: Desk, who: object, **query: str) -> str:
    answer = desk.world.client(who).get(reverse("petitions"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(desk: Desk, who: object, **query: str) -> set[str]:
    answer = desk.world.client(who).get(reverse("petitions"), query)
    return {petition.title for petition, *_ in answer.context["rows"]}


def test_office_sees_all_of_its_county(desk: Desk) -> None:
    desk.file(title="路")
    desk.file(title="桥", place=STRANGE)
    assert titles(desk, desk.office) == {"路", "桥"}


def test_department_sees_what_it_works_on(desk: Desk) -> None:
    desk.assigned(title="主办的")
    desk.assigned(SLJ, LYJ, title="协办的")
    desk.assigned(SLJ, title="别人的")
    desk.file(title="没交办的")
    assert titles(desk, desk.handler) == {"主办的", "协办的"}


def test_township_sees_what_it_works_on_not_what_lies_in_it(desk: Desk) -> None:
    desk.assigned(LUOPING, title="乡里办的")
    desk.assigned(LYJ, title="林业办的")
    assert titles(desk, Role.TOWNSHIP) == {"乡里办的"}


def test_cadre_sees_his_own_filings(desk: Desk) -> None:
    desk.file(by=desk.world.user(Role.CADRE), way="cadre", title="我代办的")
    desk.file(title="别人提的")
    assert titles(desk, Role.CADRE) == {"我代办的"}


def test_accusation_is_missing_from_list_and_counts_of_the_accused(desk: Desk) -> None:
    accused = desk.accusation(LYJ)
    desk.assign(desk.accept(accused), SLJ)
    answer = desk.world.client(desk.handler).get(reverse("petitions"))
    assert sum(number for _, number in answer.context["lamps"]) == 0
    assert titles(desk, desk.handler, q=accused.number) == set()
    assert titles(desk, desk.neighbour, q=accused.number) == {accused.title}


def test_my_turn_is_what_waits_for_my_unit(desk: Desk) -> None:
    desk.assigned(title="等我办")
    desk.answered(title="我办过了")
    desk.assigned(SLJ, LYJ, title="我只是协办")
    assert titles(desk, desk.handler, mine="turn") == {"等我办"}


def test_my_turn_of_the_office_is_what_waits_for_routing(desk: Desk) -> None:
    desk.file(title="新来的")
    desk.assigned(title="在办的")
    desk.confirmed(title="可以办结的")
    assert titles(desk, desk.office, mine="turn") == {"新来的", "可以办结的"}


def test_search_finds_the_number_and_the_title(desk: Desk) -> None:
    road, bridge = desk.file(title="门前的路"), desk.file(title="村口的桥")
    assert titles(desk, desk.office, q=road.number) == {"门前的路"}
    assert titles(desk, desk.office, q=road.number[-6:]) == {"门前的路"}
    assert titles(desk, desk.office, q="桥") == {bridge.title}
    assert titles(desk, desk.office, q="没有的") == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "accepted"}, {"甲"}),
        ({"channel": "enterprise"}, {"乙"}),
        ({"content": "suggestion"}, {"乙"}),
        ({"kind": "repeat"}, {"乙"}),
        ({"within": TOWNSHIP}, {"甲"}),
        ({"unit": LYJ}, set()),
        ({"state": "nonsense", "lamp": "x", "within": "1", "channel": "'"}, {"甲", "乙"}),
    ],
)
def test_filters_narrow_the_list(desk: Desk, query: dict[str, str], found: set[str]) -> None:
    desk.accepted(title="甲")
    enterprise = {"channel": "enterprise", "way": "enterprise", "enterprise": "某厂"}
    desk.file(title="乙", content="suggestion", kind="repeat", place=STRANGE, **enterprise)
    assert titles(desk, desk.office, **query) == found


def test_unit_filter_takes_any_text(desk: Desk) -> None:
    desk.assigned(title="甲")
    assert titles(desk, desk.office, unit=LYJ) == {"甲"}
    assert titles(desk, desk.office, unit="robber:1") == set()
    assert titles(desk, desk.office, unit="department:") == set()


def test_lamp_filter_keeps_the_counts_of_the_others(desk: Desk) -> None:
    desk.file(title="四十天前的")
    desk.file(title="今天的", at=timezone.now())
    answer = desk.world.client(desk.office).get(reverse("petitions"), {"lamp": "late"})
    assert [petition.title for petition, *_ in answer.context["rows"]] == ["四十天前的"]
    assert dict(answer.context["lamps"])[Lamp.RUNNING] == 1


def test_most_pressing_comes_first(desk: Desk) -> None:
    desk.file(title="今天的", at=timezone.now())
    desk.closed(title="办完的")
    desk.file(title="超期的")
    html = listed(desk, desk.office)
    assert html.index("超期的") < html.index("今天的") < html.index("办完的")


def test_every_petition_shows_the_lamp_that_it_is_counted_under(desk: Desk) -> None:
    made = [desk.file(), desk.file(at=timezone.now()), desk.assigned(), desk.answered(), desk.closed()]
    today = timezone.localdate()
    every = Petition.objects.all()
    counted = lamps(every, today)
    shown = [lamp_of(petition, today) for petition in every]
    assert {lamp: shown.count(lamp) for lamp in Lamp} == counted
    assert sum(counted.values()) == len(made)


@pytest.mark.parametrize("days", [-1, 0, SOON_DAYS, SOON_DAYS + 1])
@pytest.mark.parametrize("state", list(PetitionState))
@pytest.mark.parametrize("paused", [True, False])
def test_lamp_in_python_and_in_sql_agree(desk: Desk, days: int, state: PetitionState, paused: bool) -> None:
    today = timezone.localdate()
    petition = Petition(state=state, paused=paused, due_on=None if paused else today + timedelta(days=days))
    kept = desk.file()
    lamp = lamp_of(petition, today)
    asked_for = under_lamp(Petition.objects.all(), lamp_of(kept, today), today)
    assert list(asked_for) == [kept]
    assert lamp in Lamp


@given(st.dictionaries(st.sampled_from(["lamp", "mine", "state", "within", "unit", "q", "kind"]), st.text(max_size=50)))
def test_any_query_string_gives_a_filter(query: dict[str, str]) -> None:
    wanted = asked(query)
    assert wanted.lamp in ("", *Lamp)
    assert len(wanted.words) <= 40


def test_text_of_petitions_does_not_stand_in_the_list(desk: Desk) -> None:
    desk.file()
    html = listed(desk, desk.office)
    assert "断了三个月" not in html
    assert "张三丰" not in html


QUERIES = 11  # three of them keep the session of a new browser


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_queries(desk: Desk, number: int) -> None:
    for _ in range(number):
        desk.assigned(LYJ, SLJ)
    client = desk.world.client(desk.office)
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("petitions"))
    assert len(caught) == QUERIES, "\n".join(query["sql"][:300] for query in caught)
