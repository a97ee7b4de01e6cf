"""The one search over households: by whatever somebody has of one, and by nothing of a neighbour's."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.models import AuditEvent, Household, HouseholdWords, User, WordsMark
from households.plates.actions.plates import issue_plate
from households.register import search as search_of
from households.register.indexing import index_households, tail_digest, wrong_words
from households.register.phones import encrypt
from households.register.search import households_called, page_called
from households.roles import Role
from tests.world import STRANGE, VILLAGE, World

ONE, FIVE = f"{VILLAGE}010001", f"{VILLAGE}010005"


def search(user: User, on: date, words: str) -> list[str]:
    return [home.pk for home in households_called(user, on, words)]


def found(world: World, words: str, role: str = Role.COUNTY_OFFICE) -> list[str]:
    """What the search finds, by words that wait to be made and by those that were made: the same."""
    before = search(world.user(role), timezone.localdate(), words)
    index_households()
    after = search(world.user(role), timezone.localdate(), words)
    assert before == after
    return [Household.objects.get(pk=code).head_name for code in after]


def made(world: World, words: str, role: str = Role.COUNTY_OFFICE) -> list[str]:
    index_households()
    return search(world.user(role), timezone.localdate(), words)


@pytest.mark.parametrize("words", ["张三丰", "张三", "三丰", "丰", "zsf", "zs", "ＺＳＦ", "张 三丰"])
def test_household_is_found_by_name_and_initials(world: World, words: str) -> None:
    assert found(world, words) == ["张三丰"]


@pytest.mark.parametrize("words", ["zhangsanfeng", "Zhang San", "sanfeng", "zhangs", "feng"])
def test_household_is_found_by_its_pinyin(world: World, words: str) -> None:
    codes = made(world, words)
    assert ONE in codes
    assert all(code in {ONE, f"{STRANGE}010002"} for code in codes)  # 冯 is feng, too


@pytest.mark.parametrize(
    ("name", "typed", "not_typed"),
    [
        ("单七星", "shanqi", "danqi"),
        ("仇七星", "qiuqi", "chouqi"),
        ("解七星", "xieqi", "jieqi"),
        ("查七星", "zhaqi", "chaqi"),
        ("尉迟恭", "yuchi", "weichi"),
    ],
)
def test_surname_is_found_by_the_reading_of_surnames(world: World, name: str, typed: str, not_typed: str) -> None:
    Household.objects.filter(pk=FIVE).update(head_name=name)
    assert made(world, typed) == [FIVE]
    assert made(world, not_typed) == []


@pytest.mark.parametrize("name", ["𠮷野", "田䶮", "阿卜杜拉·买买提", "艾 力・买买提", "o'neil", "a\\b:c"])
def test_rare_signs_dots_and_marks_are_found(world: World, name: str) -> None:
    Household.objects.filter(pk=FIVE).update(head_name=name)
    for typed in (name, name[:3], name.replace("・", "·"), name.replace("·", "")):
        assert made(world, typed) == [FIVE], typed


@pytest.mark.parametrize("words", ["'", "%", "\\", "' | '^", "a:*", "!张", "没有", "x" * 200])
def test_nothing_typed_is_an_operator(world: World, words: str) -> None:
    assert made(world, words) in (
        [],
        search(world.user(Role.COUNTY_OFFICE), timezone.localdate(), "张" if "张" in words else "没有"),
    )


def test_four_digits_are_a_number_or_the_end_of_a_telephone(world: World) -> None:
    Household.objects.filter(pk=FIVE).update(phone=encrypt("0739-7220002"))
    assert made(world, "0002") == [
        f"{VILLAGE}010002",
        FIVE,
        f"{VILLAGE}020002",
        f"{VILLAGE[:9]}202010002",
        f"{STRANGE}010002",
    ]
    assert made(world, "0005") == [FIVE]
    assert made(world, "5") == [FIVE]


def test_number_is_found_with_its_group_and_whole(world: World) -> None:
    assert made(world, "010005") == [FIVE]
    assert made(world, FIVE) == [FIVE]
    assert made(world, f"{VILLAGE}02")[0] == f"{VILLAGE}020001"


def test_plate_is_found_by_what_its_code_says(world: World) -> None:
    plate, _pin = issue_plate(household=world.household, by=None)
    assert made(world, f"http://127.0.0.1:8000/h/{plate.token}/") == [ONE]
    assert made(world, plate.token) == [ONE]
    assert made(world, plate.token, Role.GROUP_LEADER) == [ONE]
    assert search(world.stranger(Role.CADRE), timezone.localdate(), plate.token) == []


@pytest.mark.parametrize("words", ["郑南坪", "zhengnanping", "znp", "0001", STRANGE])
def test_nothing_outside_the_scope_is_found(world: World, words: str) -> None:
    assert not [code for code in made(world, words, Role.TOWNSHIP) if code.startswith(STRANGE)]
    assert [code for code in made(world, words) if code.startswith(STRANGE)]


def test_closed_household_is_not_found(world: World) -> None:
    Household.objects.filter(pk=ONE).update(valid_to="2020-01-01")
    assert made(world, "张三丰") == []


def test_changed_name_is_found_at_once_and_the_old_one_never_again(world: World) -> None:
    index_households()
    Household.objects.filter(pk=ONE).update(head_name="钱多多", initials="qdd")
    user, today = world.user(Role.CADRE), timezone.localdate()
    assert (search(user, today, "钱多"), search(user, today, "张三丰")) == ([ONE], [])
    index_households()
    assert (search(user, today, "qianduo"), search(user, today, "zhangsanfeng")) == ([ONE], [])


def test_only_what_is_found_by_is_marked(world: World) -> None:
    index_households()
    Household.objects.filter(pk=ONE).update(address="搬到山后")
    assert not WordsMark.objects.exists()
    Household.objects.filter(pk=ONE).update(phone=None)
    assert list(WordsMark.objects.values_list("household", flat=True)) == [ONE]


def test_words_go_with_the_household(world: World) -> None:
    index_households()
    Household.objects.filter(pk=ONE).delete()
    assert not HouseholdWords.objects.filter(pk=ONE).exists()
    assert list(wrong_words()) == []


def test_wrong_words_are_named(world: World) -> None:
    index_households()
    assert list(wrong_words()) == []
    HouseholdWords.objects.filter(pk=ONE).update(tail=1)
    HouseholdWords.objects.filter(pk=FIVE).delete()
    assert list(wrong_words()) == [ONE, FIVE]


def test_telephone_lies_there_as_a_keyed_digest(world: World) -> None:
    index_households()
    tail = HouseholdWords.objects.get(pk=ONE).tail
    assert tail == tail_digest("13800000001") == tail_digest("0739-7220001")
    assert tail_digest("13800000001转801") == tail
    assert (tail_digest(""), tail_digest("110")) == (None, None)


def test_search_stands_in_the_frame_of_those_who_see_households(world: World) -> None:
    for role in (Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE):
        assert 'id="frame-find"' in world.client(role).get(reverse("home")).content.decode()
    assert 'id="frame-find"' not in world.client(Role.AUDITOR).get(reverse("home")).content.decode()
    assert 'id="frame-find"' not in Client().get(reverse("sign-in")).content.decode()


@pytest.mark.parametrize(("words", "rows"), [("zhengnanping", 1), ("0001", 4)])
def test_search_takes_the_same_queries_however_much_it_finds(
    world: World, words: str, rows: int, django_assert_num_queries: object
) -> None:
    index_households()
    client = world.client(Role.COUNTY_OFFICE)
    client.get(reverse("households"), {"words": words})
    with django_assert_num_queries(3):
        text = client.get(reverse("households"), {"words": words}).content.decode()
    assert text.count('<th scope="row">') == rows
    assert not AuditEvent.objects.filter(action="household.name").exists()


def test_page_of_what_was_found_is_counted_as_it_is_read(world: World) -> None:
    index_households()
    user, today = world.user(Role.COUNTY_OFFICE), timezone.localdate()
    whole = households_called(user, today, "0001")
    pages = [page_called(user, today, "0001", page=number, size=3) for number in (1, 2, 3)]
    assert [home for rows, _ in pages for home in rows] == whole and len(whole) == 4
    assert [count for _, count in pages] == [4, 4, 0]


@pytest.mark.parametrize("page", ["2", "9999999", "x", "0"])
def test_page_that_is_not_there_is_the_first(world: World, page: str) -> None:
    index_households()
    text = world.client(Role.COUNTY_OFFICE).get(reverse("households"), {"words": "0001", "page": page}).content.decode()
    assert text.count('<th scope="row">') == 4


def test_looking_for_a_telephone_leaves_all_its_lines_in_one_statement(
    world: World, django_assert_num_queries: object
) -> None:
    Household.objects.filter(pk__in=[ONE, FIVE]).update(phone=encrypt("13911114321"))
    index_households()
    client = world.client(Role.COUNTY_OFFICE)
    client.get(reverse("home"))
    with django_assert_num_queries(4):
        client.get(reverse("households"), {"words": "4321"})
    by_phone = AuditEvent.objects.filter(action="household.by_phone").values_list("place", flat=True)
    assert sorted(by_phone) == [ONE, FIVE]
    assert AuditEvent.objects.get(action="household.list").place == f"{VILLAGE}01"


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICE, Role.CADRE, Role.DEPARTMENT])
@pytest.mark.parametrize("words", ["张", "zh", "z", "0001", "三丰", "li", "西河"])
def test_place_that_is_walked_in_part_shows_the_same(
    world: World, role: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_households()
    Household.objects.filter(pk=FIVE).update(head_name="张七星")  # waits for its words
    whole = search(world.user(role), timezone.localdate(), words)
    assert whole or (words, role) == ("西河", Role.CADRE)
    for looked_at in (1, 3):
        monkeypatch.setattr(search_of, "MAX_WALKED", looked_at)
        assert search(world.user(role), timezone.localdate(), words) == whole


def parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from parts(below)


def read_words(world: World, words: str) -> list[int]:
    """How many rows of the made words each part of the statement read that was carried out."""
    found = search_of.register_of(world.user(Role.COUNTY_OFFICE), timezone.localdate(), words=words)
    [plan] = json.loads(found.explain(analyze=True, format="json"))
    read = [part for part in parts(plan["Plan"]) if part.get("Relation Name") == "households_householdwords"]
    return [int(part["Actual Rows"]) for part in read if part["Actual Loops"]]


def test_index_is_asked_when_there_is_more_of_a_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    index_households()
    assert read_words(world, "张") == [12]  # each household of the county, looked at once
    monkeypatch.setattr(search_of, "MAX_WALKED", 5)
    assert len(read_words(world, "张")) == 2


def test_beginning_of_a_code_lists_a_place_as_far_as_lists_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user, today = world.user(Role.COUNTY_OFFICE), timezone.localdate()
    assert page_called(user, today, VILLAGE, page=1, size=5)[1] == 8
    monkeypatch.setattr(search_of, "MAX_FOUND", 6)
    first, count = page_called(user, today, VILLAGE, page=1, size=5)
    second, _ = page_called(user, today, VILLAGE, page=2, size=5)
    assert (len(first), len(second), count) == (5, 1, 6)
