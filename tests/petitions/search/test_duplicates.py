"""Before staff file another one, they see what may be the same matter, as far as they may read it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households.roles import Role
from petitions.filing.codes import filer_key
from petitions.models import Petition
from petitions.search import duplicates
from petitions.search.duplicates import Draft, likely
from tests.petitions.desk import SLJ, Desk
from tests.petitions.petition.staff_pages import filing
from tests.world import STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
WORDS = {"title": "一组门前的路坏了", "text": "一组到学校的路坏了半年，下雨天小孩上学摔跤，希望修一修。"}
OTHERWISE = {
    "title": "学校边上的路",
    "text": "到学校的路坏了半年，小孩上学摔跤，希望有人修一修。",
    "phone": "13700000007",
}


def found(desk: Desk, user: object = None, **more: object) -> list[duplicates.Likely]:
    given = {**WORDS, "place": VILLAGE, "filed_at": timezone.now(), "key": filer_key("13800000001")} | more
    return likely(Draft(**given), user or desk.office)


def test_same_words_in_the_same_township_are_found_whoever_filed(desk: Desk) -> None:
    other = desk.file(**OTHERWISE)
    (one,) = found(desk)
    assert (one.petition, one.same_filer, one.same_place) == (other, False, True)
    assert one.alike >= 0.45


def test_same_words_elsewhere_are_another_matter(desk: Desk) -> None:
    desk.file(**OTHERWISE | {"place": STRANGE})
    assert found(desk) == []


def test_same_people_are_found_wherever_it_is_and_through_every_channel(desk: Desk) -> None:
    desk.file(**WORDS, channel="net", way="hotline", place=STRANGE)
    desk.file(desk.office, **WORDS, way="visit", place=TOWNSHIP)
    assert [one.same_filer for one in found(desk)] == [True, True]
    assert {one.petition.channel for one in found(desk)} == {"net", "people"}


def test_most_alike_of_the_same_people_comes_first(desk: Desk) -> None:
    desk.file(title="低保的事", text="低保申请没有回音。")
    same = desk.file(**WORDS)
    assert found(desk)[0].petition == same
    assert found(desk)[0].is_one_matter
    assert not found(desk)[1].is_one_matter


def test_cadre_finds_only_what_he_filed(desk: Desk) -> None:
    cadre = desk.world.user(Role.CADRE)
    desk.file(**WORDS)
    assert found(desk, cadre) == []
    own = desk.file(cadre, **WORDS, way="cadre")
    assert [one.petition for one in found(desk, cadre)] == [own]


def test_accused_finds_no_trace_of_the_accusation(desk: Desk) -> None:
    desk.accusation(**WORDS)
    assert found(desk, desk.handler) == []
    assert len(found(desk)) == 1


def test_unit_finds_what_it_works_on(desk: Desk) -> None:
    desk.assigned(SLJ, **WORDS)
    assert found(desk, desk.handler) == []
    assert len(found(desk, desk.neighbour)) == 1


def test_typing_telephone_numbers_unmasks_nobody(desk: Desk) -> None:
    desk.assigned(SLJ, title="别的", text="完全不同的事。")
    assert found(desk, desk.neighbour) == []
    desk.assigned(SLJ, **WORDS)
    assert [one.same_filer for one in found(desk, desk.neighbour)] == [False]
    assert [one.same_filer for one in found(desk)] == [True, True]


def test_kind_unmasks_nobody_either(desk: Desk) -> None:
    known = desk.assigned(SLJ, **WORDS)
    post(desk, desk.neighbour, **WORDS, phone="13800000001", kind="", way="department", same_as=known.number)
    assert Petition.objects.get(filed_by=desk.neighbour).kind == "first"


def test_withdrawn_and_ancient_ones_are_left_out(desk: Desk) -> None:
    desk.file(**WORDS, at=timezone.now() - timedelta(days=4 * 365))
    assert found(desk) == []


def test_nobody_known_is_not_the_same_as_nobody_known(desk: Desk) -> None:
    desk.file(name="", phone="", title="别的", text="完全不同的事。")
    assert found(desk, key="") == []


def test_few_statements_however_many_there_are(desk: Desk) -> None:
    for _ in range(5):
        desk.file(**WORDS)
    with CaptureQueriesContext(connection) as caught:
        assert len(found(desk)) == 5
    assert len(caught) == 2


def post(desk: Desk, who: object = None, **more: object) -> object:
    return desk.world.client(who or desk.office).post(reverse("petition-file"), filing(**more))


def test_form_asks_before_it_files(desk: Desk) -> None:
    earlier = desk.file(**WORDS)
    answer = post(desk, **WORDS, phone="13800000001")
    html = answer.content.decode()
    assert (answer.status_code, Petition.objects.count()) == (200, 1)
    assert earlier.number in html
    assert "同一人" in html
    assert "同一地点" in html
    assert WORDS["text"] in html  # nothing typed is lost


def test_form_files_into_the_same_life_story(desk: Desk) -> None:
    earlier = desk.file(**WORDS)
    assert post(desk, **WORDS, phone="13800000001", kind="", same_as=earlier.number).status_code == 200
    again = Petition.objects.exclude(pk=earlier.pk).get()
    assert (again.case, again.kind) == (earlier.case, "repeat")


def test_form_files_another_matter_as_a_first_one(desk: Desk) -> None:
    earlier = desk.file(**WORDS)
    post(desk, **WORDS, phone="13800000001", kind="", same_as="none")
    again = Petition.objects.exclude(pk=earlier.pk).get()
    assert again.case != earlier.case
    assert again.kind == "first"


def test_kind_that_was_chosen_stays(desk: Desk) -> None:
    earlier = desk.file(**WORDS)
    post(desk, **WORDS, phone="13800000001", kind="backlog", same_as=earlier.number)
    assert Petition.objects.exclude(pk=earlier.pk).get().kind == "backlog"


def test_same_form_twice_files_once_and_asks_nothing(desk: Desk) -> None:
    given = filing(**WORDS, phone="13800000001", kind="")
    client = desk.world.client(desk.office)
    first, second = (client.post(reverse("petition-file"), given).content for _ in range(2))
    assert first.count(b'id="code"') == second.count(b'id="code"') == 1
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("number", ["430726-2026-999999", "x\0y", "中文"])
def test_petition_that_is_not_there_cannot_be_joined(desk: Desk, number: str) -> None:
    answer = post(desk, **WORDS, same_as=number)
    assert answer.status_code == 422
    assert not Petition.objects.exists()


def test_petition_out_of_sight_cannot_be_joined(desk: Desk) -> None:
    accusation = desk.accusation(**WORDS)
    answer = post(desk, desk.handler, **WORDS, same_as=accusation.number, way="department")
    assert answer.status_code == 422
    assert Petition.objects.count() == 1
