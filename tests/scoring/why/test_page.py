"""The pages that explain a figure: who may open them, what they print, where they lead."""

import pytest
from pytest_django import DjangoAssertNumQueries

from households.roles import Role
from tests.answers import whole
from tests.scoring.eventful_month import CAPPED, DOCUMENT, FIRST, FORGIVEN, PLAIN, SECOND, UNLAWFUL, WAITING
from tests.world import COUNTY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

HANDS = 5  # signatures, reviews, objections, corrections and photos, where there is an event at all


def page(world: World, code: str, role: str = Role.COUNTY_OFFICE) -> str:
    response = world.client(role).get(f"/why/{MONTH}/{code}/")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def opened(world: World, role: str, *codes: str) -> list[int]:
    client = world.client(role)
    return [client.get(f"/why/{MONTH}/{code}/").status_code for code in codes]


def test_household_page_prints_the_sum_with_every_event(eventful: World) -> None:
    rows = page(eventful, CAPPED, Role.CADRE)
    for words in (
        "张三丰户的得分",
        "100 − 10 − 10 − 5 + 5 = 80",
        "零污染每月最多扣 20 分，多出的 5 分不扣",
        "2024-05-20",
        "村干部甲",
    ):
        assert words in rows, words


def test_village_page_prints_both_steps_and_what_was_recorded_on_it(eventful: World) -> None:
    rows = page(eventful, VILLAGE)
    for words in ("788 − 8 × 1 = 780", "780 ÷ 8 = 97.50", "记在东山村自己头上的", "每户 −1 分", "第1组", "第2组"):
        assert words in rows, words


def test_scheme_version_leads_to_its_rules(eventful: World) -> None:
    assert 'href="/rules/2023/"' in page(eventful, VILLAGE)


def test_links_lead_up_and_down(eventful: World) -> None:
    rows = page(eventful, VILLAGE, Role.CADRE)
    for code in (COUNTY, TOWNSHIP, FIRST, SECOND):
        assert f'href="/why/{MONTH}/{code}/"' in rows, code


def test_group_page_lists_households_with_lamps_and_masked_names(eventful: World) -> None:
    rows = page(eventful, FIRST, Role.TOWNSHIP)
    assert "张*" in rows
    assert "张三丰" not in rows
    assert rows.count('class="lamps"') == 5


def test_names_are_whole_for_the_own_cadre(eventful: World) -> None:
    rows = page(eventful, FIRST, Role.CADRE)
    assert all(household.head_name in rows for household in eventful.households if household.code.startswith(FIRST))


def test_waiting_and_withdrawn_entries_are_listed_as_not_counting(eventful: World) -> None:
    assert "待确认，还要第二个人确认" in page(eventful, WAITING)
    assert "已撤回：核查不属实" in page(eventful, FORGIVEN)


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.SUPERVISOR, Role.GROUP_LEADER, Role.DEPARTMENT])
def test_petition_entry_shows_points_and_nothing_else(eventful: World, role: str) -> None:
    rows = page(eventful, UNLAWFUL, role)
    assert "零非访扣分：依法记录，内容不公开" in rows
    assert "100 − 10 = 90" in rows
    for secret in (DOCUMENT, "FF01", "第二十六条", "信访局甲", "县六零办甲"):
        assert secret not in rows, secret


def test_petition_entry_is_whole_for_the_petition_office(eventful: World) -> None:
    rows = page(eventful, UNLAWFUL, Role.PETITION_OFFICE)
    assert DOCUMENT in rows
    assert "信访局甲（信访局）登记，县六零办甲（县六零办）确认" in rows


def test_undeclared_household_says_so(eventful: World) -> None:
    rows = page(eventful, f"{STRANGE}010001")
    assert "未申报，没有得分" in rows
    assert "data-equation" not in rows


def test_own_subtree_and_what_stands_above_may_be_opened(eventful: World) -> None:
    assert opened(eventful, Role.CADRE, COUNTY, TOWNSHIP, VILLAGE, FIRST, SECOND, PLAIN) == [200] * 6
    assert opened(eventful, Role.GROUP_LEADER, COUNTY, TOWNSHIP, VILLAGE, FIRST, CAPPED) == [200] * 5


def test_what_lies_beside_may_not_be_opened(eventful: World) -> None:
    beside = (SISTER, f"{SISTER}01", f"{SISTER}010001", STRANGE, STRANGE[:9], f"{STRANGE}010001")
    assert opened(eventful, Role.CADRE, *beside) == [404] * 6
    assert opened(eventful, Role.GROUP_LEADER, SECOND, PLAIN, SISTER) == [404] * 3
    assert opened(eventful, Role.DEPARTMENT, STRANGE) == [404]


def test_division_above_lists_its_children_without_opening_the_strange_ones(eventful: World) -> None:
    rows = page(eventful, TOWNSHIP, Role.CADRE)
    assert "西河村" in rows
    assert f"/why/{MONTH}/{SISTER}/" not in rows


@pytest.mark.parametrize("code", ["430727", f"{COUNTY}299", "43072", "430726201000", "nonsense", f"{FIRST}9999"])
def test_code_that_means_nothing_is_404(eventful: World, code: str) -> None:
    assert opened(eventful, Role.COUNTY_OFFICE, code) == [404]


def test_month_that_means_nothing_is_404(eventful: World) -> None:
    answer = eventful.client(Role.COUNTY_OFFICE).get(f"/why/2024-5/{VILLAGE}/")
    assert (answer.status_code, "东山村" in whole(answer)) == (404, False)


def test_month_that_never_began_has_no_score(eventful: World) -> None:
    rows = eventful.client(Role.COUNTY_OFFICE).get(f"/why/2023-05/{CAPPED}/").content.decode()
    assert "未申报，没有得分" in rows
    assert "没有适用的细则" in rows


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_roles_without_the_right_are_turned_away(eventful: World, role: str) -> None:
    assert opened(eventful, role, VILLAGE) == [403]


def test_strangers_to_the_system_are_asked_to_sign_in(eventful: World) -> None:
    response = eventful.client().get(f"/why/{MONTH}/{CAPPED}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/sign-in/")


def test_frozen_month_explains_itself_the_same(eventful: World) -> None:
    before = page(eventful, CAPPED)
    eventful.freeze()
    assert "100 − 10 − 10 − 5 + 5 = 80" in before
    assert "100 − 10 − 10 − 5 + 5 = 80" in page(eventful, CAPPED)


@pytest.mark.parametrize(
    ("few", "many", "more"),
    [
        (f"{SISTER}01", FIRST, HANDS),  # two households, five households with an event of their group
        (STRANGE, VILLAGE, HANDS),  # one group, two groups
        (PLAIN, CAPPED, HANDS + 1),  # no event, three events: one query more for the reminders that they rest on
    ],
)
def test_queries_do_not_grow_with_lines(
    eventful: World, django_assert_num_queries: DjangoAssertNumQueries, few: str, many: str, more: int
) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    client.get("/")
    asked = 9 if len(few) == 18 else 10  # of a place also what became of it
    for code, allowed in ((few, asked), (many, asked + more)):
        with django_assert_num_queries(allowed):
            assert client.get(f"/why/{MONTH}/{code}/").status_code == 200
