"""Ratings that those who are rated may have given themselves: planted patterns are found, honest ratings raise nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from households.roles import Role
from households.workdays.workdays import SHANGHAI
from petitions.board.periods import year_to_date
from petitions.board.rating_flags import WORDS, raised
from petitions.board.rating_rules import BURST, IN_BURST, MANY, OWN_FILINGS, QUICK, RULES, SEVERAL, Fact, flags
from petitions.cases.actions.merging import classify
from petitions.models import Petition
from petitions.steps import closing
from petitions.steps.handling import recuse
from tests.answers import whole
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk

NOON = datetime(2026, 5, 12, 12, tzinfo=SHANGHAI)


def fact(number: int, **more: Any) -> Fact:
    """An honest one: rated two days after the answer, hours from every other, its matter solved."""
    answered = NOON + timedelta(hours=7 * number)
    given = {"unit": LYJ, "score": "satisfied", "via": "page", "confirmed": True}
    given |= {"phone": f"p{number}", "household": f"h{number}"}
    return Fact(number, answered_at=answered, rated_at=answered + timedelta(days=2), **given | more)


def many(number: int, **more: Any) -> list[Fact]:
    return [fact(each, **more) for each in range(number)]


def found(facts: list[Fact]) -> dict[str, tuple[int, ...]]:
    return {flag.rule: flag.petitions for flag in flags(facts)}


def test_honest_ratings_raise_nothing() -> None:
    mixed = [
        *many(12),
        fact(20, score="unsatisfied"),
        fact(21, via="call_back"),
        fact(22, score="fair", confirmed=False),
    ]
    assert found(mixed) == {}
    assert found([]) == {}


@pytest.mark.parametrize("number", [SEVERAL - 1, SEVERAL])
def test_ratings_minutes_after_the_answer(number: int) -> None:
    hasty = [replace(one, rated_at=one.answered_at + QUICK) for one in many(number)]
    assert found([*hasty, *many(20)[10:]]) == ({"quick": tuple(range(number))} if number == SEVERAL else {})


def test_figures_of_the_rules_are_those_agreed() -> None:
    assert (timedelta(minutes=10), timedelta(minutes=15)) == (QUICK, BURST)
    assert (IN_BURST, MANY, SEVERAL, OWN_FILINGS) == (5, 5, 3, 2)


def test_rating_in_the_moment_of_the_answer_is_hasty_and_one_before_it_is_none() -> None:
    at_once = [replace(one, rated_at=one.answered_at) for one in many(SEVERAL)]
    earlier = [replace(one, rated_at=one.answered_at - timedelta(seconds=1)) for one in many(SEVERAL)]
    assert (found(at_once), found(earlier)) == ({"quick": (0, 1, 2)}, {})


def test_ratings_after_ten_minutes_are_not_hasty() -> None:
    assert found([replace(one, rated_at=one.answered_at + QUICK + timedelta(seconds=1)) for one in many(9)]) == {}


@pytest.mark.parametrize("number", [IN_BURST - 1, IN_BURST])
def test_ratings_one_after_the_other(number: int) -> None:
    last = NOON + timedelta(days=30)
    row = [replace(one, rated_at=last + BURST / number * one.petition) for one in many(number)]
    assert found([*row, *many(20)[10:]]) == ({"burst": tuple(range(number))} if number == IN_BURST else {})


def test_burst_ends_after_a_quarter_of_an_hour() -> None:
    last = NOON + timedelta(days=30)
    row = [replace(one, rated_at=last + BURST / (IN_BURST - 1) * one.petition) for one in many(IN_BURST)]
    late = replace(fact(9), rated_at=last + BURST * 3)
    assert found([*row, late]) == {"burst": tuple(range(IN_BURST))}
    assert found([*row[:-1], replace(row[-1], rated_at=row[-1].rated_at + timedelta(seconds=1))]) == {}


def test_two_ratings_of_one_petition_are_one() -> None:
    at = NOON + timedelta(days=30)
    assert found([replace(fact(number // 2), rated_at=at) for number in range(8)]) == {}


@pytest.mark.parametrize("number", [MANY - 1, MANY])
def test_ratings_on_the_telephone_alone(number: int) -> None:
    assert found(many(number, via="call_back")) == ({"call_backs_only": tuple(range(number))} if number == MANY else {})


def test_one_filer_of_his_own_clears_the_call_backs() -> None:
    assert found([*many(8, via="call_back"), fact(9)]) == {}
    assert found([*many(8, via="call_back"), fact(9, via="call_back", score="fair")]) == {}


@pytest.mark.parametrize("number", [MANY - 1, MANY])
def test_satisfied_without_a_matter_solved(number: int) -> None:
    assert found(many(number, confirmed=False)) == ({"never_confirmed": tuple(range(number))} if number == MANY else {})


def test_one_solved_matter_clears_them() -> None:
    assert found([*many(8, confirmed=False), fact(9)]) == {}


@pytest.mark.parametrize("number", [OWN_FILINGS - 1, OWN_FILINGS])
@pytest.mark.parametrize(
    ("unit", "filed_by"),
    [(LYJ, LYJ), (LUOPING, LUOPING), (LUOPING, f"{LUOPING}201")],
    ids=["department", "township", "village"],
)
def test_code_went_through_the_units_own_hands(number: int, unit: str, filed_by: str) -> None:
    own = [replace(one, unit=unit, filed_by=filed_by) for one in many(number)]
    assert found(own) == ({"own_filings": tuple(range(number))} if number == OWN_FILINGS else {})


@pytest.mark.parametrize("unit", [LYJ, LUOPING])
@pytest.mark.parametrize("filed_by", [SLJ, f"{LYJ}2", "division:430726202", "division:430726", ""])
def test_filings_of_others_are_honest(unit: str, filed_by: str) -> None:
    assert found(many(9, unit=unit, filed_by=filed_by)) == {}


def test_one_telephone_for_several_households() -> None:
    assert found(many(SEVERAL, phone="same")) == {"one_phone": (0, 1, 2)}
    assert found(many(SEVERAL, phone="same", household="one")) == {}
    assert found(many(SEVERAL, phone="", household="h")) == {}
    assert found(many(SEVERAL, phone="")) == {}
    assert found([*many(SEVERAL - 1, phone="same"), fact(9, phone="same", household="")]) == {}


@pytest.mark.parametrize("score", ["fair", "unsatisfied"])
def test_ratings_by_which_nobody_gains_raise_nothing(score: str) -> None:
    bad = many(9, score=score, confirmed=False, filed_by=LYJ, phone="same")
    assert found([replace(one, rated_at=one.answered_at) for one in bad]) == {}


def test_units_are_looked_at_apart() -> None:
    theirs = [replace(one, unit=SLJ, confirmed=False) for one in many(MANY - 1)]
    assert found([*theirs, *many(MANY - 1, confirmed=False)]) == {}
    assert found([replace(one, unit="") for one in many(MANY, confirmed=False)]) == {}


MOMENTS = st.integers(0, 2880).map(lambda minutes: NOON + timedelta(minutes=minutes))
FACTS = st.lists(
    st.builds(
        Fact,
        petition=st.integers(1, 9),
        unit=st.sampled_from([LYJ, SLJ, LUOPING]),
        score=st.sampled_from(["satisfied", "fair"]),
        via=st.sampled_from(["page", "call_back"]),
        rated_at=MOMENTS,
        answered_at=MOMENTS,
        confirmed=st.booleans(),
        filed_by=st.sampled_from(["", LYJ]),
    ),
    max_size=25,
)


@settings(max_examples=30)
@given(FACTS, st.randoms())
def test_order_makes_no_difference(facts: list[Fact], chance: Any) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert flags(shuffled) == flags(facts)


@settings(max_examples=30)
@given(FACTS)
def test_every_flag_names_petitions_of_its_unit(facts: list[Fact]) -> None:
    for flag in flags(facts):
        assert flag.rule in WORDS
        assert set(flag.petitions) <= {one.petition for one in facts if one.unit == flag.unit}
        assert flag.petitions


def test_every_rule_is_told_in_words() -> None:
    assert set(WORDS) == set(RULES)


def rated(desk: Desk, petition: Petition, *, by: Any = None, score: str = "satisfied") -> Petition:
    closing.rate(op_id=uuid4(), petition=petition, by=by, subject="unit", score=score, comment="电话里说的")
    return petition


def shown(desk: Desk) -> list[Any]:
    return raised(desk.office, year_to_date(timezone.localdate()))


@pytest.mark.django_db
def test_real_ratings_of_a_unit_are_flagged_with_their_petitions(desk: Desk) -> None:
    petitions = [rated(desk, desk.answered(), by=desk.office) for _ in range(MANY)]
    [flag] = shown(desk)
    assert (flag.unit, flag.count) == ("林业局", MANY)
    assert {one.number for one in flag.petitions} == {one.number for one in petitions}


@pytest.mark.django_db
def test_ratings_within_minutes_are_burst_and_haste(desk: Desk) -> None:
    for _ in range(IN_BURST):
        rated(desk, desk.answer(desk.handled(), at=timezone.now() - timedelta(minutes=2)))
    assert {flag.title for flag in shown(desk)} == {WORDS[rule][0] for rule in ("quick", "burst", "never_confirmed")}


@pytest.mark.django_db
def test_petition_that_a_unit_filed_itself(desk: Desk) -> None:
    for _ in range(OWN_FILINGS):
        rated(desk, desk.answered(by=desk.handler, way="department"))
    [flag] = shown(desk)
    assert flag.title == WORDS["own_filings"][0]


@pytest.mark.django_db
def test_honest_county_raises_nothing(desk: Desk) -> None:
    for score in ("satisfied", "unsatisfied"):
        rated(desk, desk.confirmed(), score=score)
    assert shown(desk) == []
    html = desk.world.client(desk.office).get(reverse("petition-rating-flags")).content.decode()
    assert "没有发现" in html


@pytest.mark.django_db
def test_accusation_of_the_office_stays_out_of_its_list(desk: Desk) -> None:
    hidden = [rated(desk, desk.answered(), by=desk.office) for _ in range(MANY)]
    desk.body()
    for one in hidden:
        classify(
            op_id=uuid4(), petition=one, by=desk.office, content="accusation", accused=(f"user:{desk.office.username}",)
        )
    assert shown(desk) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE])
def test_only_the_petition_office_reads_suspicions(desk: Desk, role: str) -> None:
    for _ in range(MANY):
        rated(desk, desk.answered(), by=desk.office)
    assert len(shown(desk)) == 1
    answer = desk.world.client(role).get(reverse("petition-rating-flags"))
    assert answer.status_code == 403
    told = whole(answer)
    assert "430726-20" not in told
    assert "<main" in told and "林业局" not in told.partition("<main")[2]  # the menu names the reader's own unit


@pytest.mark.django_db
def test_board_leads_the_office_to_its_list(desk: Desk) -> None:
    office = desk.world.client(desk.office).get(reverse("petition-board")).content.decode()
    other = desk.world.client(desk.handler).get(reverse("petition-board")).content.decode()
    assert reverse("petition-rating-flags") in office and reverse("petition-rating-flags") not in other


@pytest.mark.django_db
def test_page_links_the_petitions_and_costs_few_queries(desk: Desk) -> None:
    petitions = [rated(desk, desk.answered(), by=desk.office) for _ in range(MANY)]
    client = desk.world.client(desk.office)
    with CaptureQueriesContext(connection) as caught:
        html = client.get(reverse("petition-rating-flags")).content.decode()
    assert all(reverse("petition", args=[one.number]) in html for one in petitions)
    assert len(caught) <= 12


@pytest.mark.django_db
def test_tied_person_does_not_hide_a_pattern(desk: Desk) -> None:
    petitions = [rated(desk, desk.answered(), by=desk.office) for _ in range(MANY)]
    recuse(op_id=uuid4(), petition=petitions[0], by=desk.office, person=desk.office, note="亲戚")
    assert shown(desk)[0].count == MANY
