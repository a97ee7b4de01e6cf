"""First, repeated, long-standing: the rule by itself, then as it meets the same people through three channels."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from petitions.cases.actions import merging
from petitions.models import Petition, PetitionKind
from petitions.search import duplicates
from petitions.search.kinds import BACKLOG, FIRST, LONG, REPEAT, RESOLVED, Earlier, suggested
from petitions.states import PetitionState
from petitions.steps import closing
from tests.petitions.desk import Desk

TODAY = date(2026, 7, 1)
OLD, NEW = TODAY - LONG, TODAY - timedelta(days=30)


def kind(*others: tuple[date, PetitionState]) -> str:
    return suggested(TODAY, [Earlier(*one) for one in others])


def test_nobody_filed_before() -> None:
    assert kind() == FIRST


@pytest.mark.parametrize("state", PetitionState)
def test_filed_lately_is_repeated_whatever_became_of_it(state: PetitionState) -> None:
    assert kind((NEW, state)) == (FIRST if state is PetitionState.WITHDRAWN else REPEAT)


@pytest.mark.parametrize("state", sorted(RESOLVED))
def test_settled_long_ago_is_repeated(state: PetitionState) -> None:
    assert kind((OLD, state)) == REPEAT


@pytest.mark.parametrize("state", ["filed", "assigned", "handled", "answered", "reviewing", "reviewed"])
def test_unsettled_for_a_year_is_long_standing(state: str) -> None:
    assert kind((OLD, PetitionState(state))) == BACKLOG


def test_a_day_less_than_a_year_is_not_long() -> None:
    assert kind((OLD + timedelta(days=1), PetitionState.ASSIGNED)) == REPEAT


def test_one_unsettled_among_settled_ones_keeps_the_matter_open() -> None:
    assert kind((OLD, PetitionState.CLOSED), (NEW, PetitionState.ANSWERED)) == BACKLOG


def test_merged_one_goes_as_the_one_that_took_it_in() -> None:
    assert kind((OLD, PetitionState.MERGED), (NEW, PetitionState.CLOSED)) == REPEAT


def test_what_was_filed_on_the_same_day_counts() -> None:
    assert kind((TODAY, PetitionState.FILED)) == REPEAT


def test_what_was_filed_later_does_not_count() -> None:
    assert kind((TODAY + timedelta(days=1), PetitionState.ASSIGNED)) == FIRST


EARLIER = st.builds(Earlier, st.dates(date(2020, 1, 1), TODAY), st.sampled_from(PetitionState))


@given(st.lists(EARLIER), EARLIER)
def test_more_filings_never_make_it_a_first_one(others: list[Earlier], more: Earlier) -> None:
    if suggested(TODAY, others) != FIRST:
        assert suggested(TODAY, [*others, more]) != FIRST


@given(
    st.permutations(
        [Earlier(OLD, PetitionState.CLOSED), Earlier(NEW, PetitionState.FILED), Earlier(NEW, PetitionState.MERGED)]
    )
)
def test_order_does_not_matter(others: list[Earlier]) -> None:
    assert suggested(TODAY, others) == BACKLOG


def days_ago(days: int) -> dict[str, object]:
    return {"at": timezone.now() - timedelta(days=days)}


def of(desk: Desk, petition: Petition) -> str:
    return duplicates.kind_of(petition, desk.office)


@pytest.mark.django_db
def test_three_channels_are_one_matter(desk: Desk) -> None:
    words = {"title": "门前的路断了", "text": "门前的路断了三个月，没有人管。"}
    first = desk.file(**words, **days_ago(500))
    second = desk.file(channel="net", way="hotline", **words, **days_ago(100))
    third = desk.file(
        desk.office, way="visit", title="路还是断的", text="门前的路断了，三个月又三个月，没有人管。", **days_ago(3)
    )
    assert [of(desk, one) for one in (first, second, third)] == ["first", "backlog", "backlog"]


@pytest.mark.django_db
def test_other_people_file_for_the_first_time(desk: Desk) -> None:
    desk.file(**days_ago(100))
    assert of(desk, desk.file(phone="13911112222")) == "first"


@pytest.mark.django_db
def test_another_matter_of_the_same_people_is_a_first_one(desk: Desk) -> None:
    desk.file(**days_ago(100))
    assert of(desk, desk.file(title="低保", text="申请低保两个月没有回音。")) == "first"


@pytest.mark.django_db
def test_nameless_one_is_told_by_its_case_alone(desk: Desk) -> None:
    earlier = desk.file(name="", phone="", **days_ago(100))
    assert of(desk, desk.file(name="", phone="")) == "first"
    assert of(desk, desk.file(name="", phone="", title="别的", text="完全不同。", case=earlier.case)) == "repeat"


@pytest.mark.django_db
def test_enterprise_is_the_same_by_its_name(desk: Desk) -> None:
    given = {"channel": "enterprise", "way": "enterprise", "enterprise": "雪峰厂", "phone": ""}
    closed = desk.file(**given, **days_ago(90))
    assert of(desk, desk.file(**given)) == "repeat"
    assert of(desk, closed) == "first"


@pytest.mark.django_db
def test_withdrawn_one_was_not_filed(desk: Desk) -> None:
    closing.withdraw(op_id=uuid4(), petition=desk.file(**days_ago(90)), note="不反映了")
    assert of(desk, desk.file()) == "first"


def page(desk: Desk, who: object, petition: Petition) -> str:
    return desk.world.client(who).get(reverse("petition", args=[petition.number])).content.decode()


@pytest.mark.django_db
def test_page_suggests_the_kind_to_the_petition_office_alone(desk: Desk) -> None:
    desk.file(**days_ago(100))
    again = desk.assigned()
    assert "系统建议记为<strong>重访</strong>" in page(desk, desk.office, again)
    assert "系统建议" not in page(desk, desk.handler, again)


@pytest.mark.django_db
def test_page_suggests_nothing_that_is_so_already(desk: Desk) -> None:
    desk.file(**days_ago(100))
    assert "系统建议" not in page(desk, desk.office, desk.file(kind="repeat"))


def hidden(html: str) -> dict[str, object]:
    """What the button of the suggestion sends."""
    import re

    form = html[html.index("kind-hint") :]
    form = form[: form.index("</form>")]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: [value for key, value in pairs if key == name] for name, _ in pairs}


@pytest.mark.django_db
def test_one_button_takes_the_suggestion_and_keeps_the_rest(desk: Desk) -> None:
    desk.accusation(**days_ago(500))
    again = desk.accusation()
    sent = hidden(page(desk, desk.office, again))
    client = desk.world.client(desk.office)
    for _ in range(2):
        assert client.post(reverse("petition-classify", args=[again.number]), sent).status_code == 302
    again.refresh_from_db()
    assert (again.kind, again.content, again.seq) == (PetitionKind.BACKLOG, "accusation", 2)
    assert [one.unit for one in again.accused.all()] == ["department:LYJ"]


@pytest.mark.django_db
def test_suggestion_looks_at_the_whole_case(desk: Desk) -> None:
    earlier, later = desk.file(title="甲", text="甲乙丙丁", **days_ago(500)), desk.file(title="子", text="子丑寅卯")
    assert of(desk, later) == "first"
    merging.classify(op_id=uuid4(), petition=later, by=desk.office, case=earlier.case)
    later.refresh_from_db()
    assert of(desk, later) == "backlog"
