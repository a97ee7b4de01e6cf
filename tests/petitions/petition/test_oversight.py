"""The county office follows up by number: never a word of what was asked, and no accusation at all."""

import pytest
from django.urls import reverse

from households.roles import Role
from petitions.models import Petition
from tests.petitions.desk import SLJ, Desk
from tests.petitions.petition.staff_pages import do, page

pytestmark = pytest.mark.django_db


def listed(desk: Desk, **query: str) -> str:
    return desk.world.client(Role.COUNTY_OFFICE).get(reverse("petitions"), query).content.decode()


def test_list_holds_numbers_without_titles(desk: Desk) -> None:
    petition = desk.handled()
    html = listed(desk)
    assert petition.number in html
    assert petition.title not in html
    assert "林业局" in html


def test_page_holds_dates_without_words(desk: Desk) -> None:
    petition = desk.answered()
    html = page(desk, petition, Role.COUNTY_OFFICE)
    assert "已答复" in html
    for word in (petition.title, petition.text, "路已经修好", "已派人查看", "张*", "138****"):
        assert word not in html


def test_reason_of_a_pause_is_not_told(desk: Desk) -> None:
    petition = desk.assigned()
    do(desk, desk.office, petition, "pause", told="等他的病历。")
    html = page(desk, petition, Role.COUNTY_OFFICE)
    assert "暂停" in html
    assert "病历" not in html


def test_words_cannot_be_probed_by_searching(desk: Desk) -> None:
    petition = desk.assigned(title="门前的路")
    assert petition.number not in listed(desk, q="门前")
    assert petition.number in listed(desk, q=petition.number)


def test_accusation_is_neither_listed_nor_found(desk: Desk) -> None:
    petition = desk.assign(desk.accept(desk.accusation()), SLJ)
    client = desk.world.client(Role.COUNTY_OFFICE)
    assert petition.number not in listed(desk)
    assert client.get(reverse("petition", args=[petition.number])).status_code == 404
    assert do(desk, Role.COUNTY_OFFICE, petition, "supervise", note="快办").status_code == 404


def test_late_one_is_supervised_by_number(desk: Desk) -> None:
    petition = desk.assigned()
    assert do(desk, Role.COUNTY_OFFICE, petition, "supervise", note="三日内报结果。").status_code == 302
    assert "三日内报结果。" in page(desk, petition, desk.handler)


def test_supervising_without_words_comes_back(desk: Desk) -> None:
    petition = desk.assigned()
    answer = do(desk, Role.COUNTY_OFFICE, petition, "supervise", note="")
    assert answer.status_code == 422
    assert petition.title not in answer.content.decode()
    assert desk.lines(petition)[-1] == "assign"


@pytest.mark.parametrize("act", ["note", "tell", "recuse"])
def test_county_office_makes_no_other_step(desk: Desk, act: str) -> None:
    petition = desk.assigned()
    assert do(desk, Role.COUNTY_OFFICE, petition, act, note="x", told="x").status_code == 403
    assert Petition.objects.get(pk=petition.pk).seq == petition.seq
