"""Staff take a petition in for somebody: which ways, which places, and the receipt that is shown once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from households.roles import Role
from petitions.filing.forms_for_others import channel_of
from petitions.follow.opening import opened_by
from petitions.models import Channel, Petition, Way
from tests.petitions.desk import LYJ, Desk
from tests.petitions.petition.staff_pages import filing
from tests.world import COUNTY, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


def post(desk: Desk, who: object, **more: object) -> object:
    return desk.world.client(who).post(reverse("petition-file"), filing(**more))


def form(desk: Desk, who: object) -> object:
    return desk.world.client(who).get(reverse("petition-file")).context["form"]


def places(desk: Desk, who: object) -> list[str]:
    """The codes that the select offers."""
    found = []
    for value, label in form(desk, who).fields["place"].choices:
        found += [code for code, _ in label] if isinstance(label, list) else [value]
    return found


def test_receipt_opens_the_petition(desk: Desk) -> None:
    html = post(desk, desk.office).content.decode()
    petition = Petition.objects.get()
    code = re.search(r'id="code">([^<]+)<', html).group(1)
    assert opened_by(petition.number, code) == petition
    assert petition.filed_by == desk.office


def test_receipt_is_not_kept_by_browsers(desk: Desk) -> None:
    answer = post(desk, desk.office)
    assert "no-store" in answer["Cache-Control"]


def test_same_form_twice_gives_the_same_receipt(desk: Desk) -> None:
    given = filing()
    client = desk.world.client(desk.office)
    first, second = (client.post(reverse("petition-file"), given).content.decode() for _ in range(2))
    codes = {re.search(r'id="code">([^<]+)<', html).group(1) for html in (first, second)}
    assert len(codes) == 1
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "way"),
    [(Role.CADRE, "cadre"), (Role.TOWNSHIP, "department"), (Role.DEPARTMENT, "department"), (Role.CADRE, "visit")],
)
def test_way_follows_from_who_files(desk: Desk, who: str, way: str) -> None:
    assert post(desk, who, way=way).status_code == 200
    assert Petition.objects.get().way == way


def test_hotline_call_goes_to_the_net_line(desk: Desk) -> None:
    when = timezone.localtime() - timedelta(days=2)
    post(desk, desk.office, way="hotline", external_no="12345-77", at=when.strftime("%Y-%m-%dT%H:%M"))
    petition = Petition.objects.get()
    assert (petition.channel, petition.external_no) == ("net", "12345-77")
    assert timezone.localdate(petition.filed_at) == when.date()


def test_same_hotline_number_is_refused_with_the_reason(desk: Desk) -> None:
    post(desk, desk.office, way="rednet", external_no="R-1")
    answer = post(desk, desk.office, way="rednet", external_no="R-1")
    assert answer.status_code == 409
    assert "已经登记过" in answer.content.decode()
    assert Petition.objects.count() == 1


def test_enterprise_that_comes_in_person_takes_its_own_line(desk: Desk) -> None:
    post(desk, desk.office, enterprise="山茶食品")
    assert Petition.objects.get().channel == "enterprise"


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("enterprise", ["", "某厂"])
def test_every_way_has_a_channel(way: Way, enterprise: str) -> None:
    if way is not Way.ENTERPRISE or enterprise:
        assert channel_of(way, enterprise) in Channel


def test_cadre_files_for_his_village_alone(desk: Desk) -> None:
    offered = places(desk, Role.CADRE)
    assert VILLAGE in offered
    assert all(code.startswith(VILLAGE) for code in offered)
    assert post(desk, Role.CADRE, way="cadre", place=STRANGE).status_code == 422
    assert not Petition.objects.exists()


def test_township_chooses_itself_and_its_villages(desk: Desk) -> None:
    offered = places(desk, Role.TOWNSHIP)
    assert {TOWNSHIP, VILLAGE} <= set(offered)
    assert STRANGE not in offered


def test_office_and_departments_choose_the_whole_county(desk: Desk) -> None:
    for who in (Role.PETITION_OFFICE, Role.DEPARTMENT):
        assert {COUNTY, TOWNSHIP, VILLAGE, STRANGE} <= set(places(desk, who))


def test_accused_department_is_kept_and_sees_nothing(desk: Desk) -> None:
    given = {"content": "accusation", "accused_department": "LYJ", "accused_place": STRANGE}
    assert post(desk, desk.office, **given).status_code == 200
    petition = Petition.objects.get()
    assert {one.unit for one in petition.accused.all()} == {LYJ, f"division:{STRANGE}"}
    assert not Petition.objects.visible_to(desk.handler).exists()


def test_accused_without_accusation_is_asked_back(desk: Desk) -> None:
    answer = post(desk, desk.office, accused_department="LYJ")
    assert answer.status_code == 422
    assert "检举控告" in answer.context["form"].errors["content"][0]
    assert not Petition.objects.exists()


def test_filing_does_not_tell_who_has_an_account(desk: Desk) -> None:
    """Whoever is named: the same answer, with the name in the text for those who handle it."""
    known, unknown = desk.world.user(Role.CADRE).display_name, "查无此人"
    given = {"content": "accusation", "phone": ""}
    answers = [
        post(desk, desk.office, **given, title=f"{name}的事", text=f"{name}收钱。", accused_names=name)
        for name in (known, unknown)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    first, second = Petition.objects.order_by("pk")
    assert first.text.endswith(known) and second.text.endswith(unknown)
    assert ([one.unit for one in first.accused.all()], second.accused.count()) == (["user:cadre"], 0)


def test_time_ahead_is_asked_back(desk: Desk) -> None:
    ahead = timezone.localtime() + timedelta(days=1)
    answer = post(desk, desk.office, at=ahead.strftime("%Y-%m-%dT%H:%M"))
    assert "at" in answer.context["form"].errors


def test_what_was_typed_stays_in_the_form(desk: Desk) -> None:
    html = post(desk, desk.office, title="").content.decode()
    assert "渠口堵了两年。" in html


@pytest.mark.parametrize("who", [Role.SUPERVISOR, Role.GROUP_LEADER, Role.COUNTY_OFFICE, Role.AUDITOR])
def test_others_do_not_file(desk: Desk, who: str) -> None:
    assert post(desk, who).status_code == 403
    assert not Petition.objects.exists()


def test_cadre_chooses_one_kind_and_nothing_else(desk: Desk) -> None:
    asked = form(desk, Role.CADRE)
    assert "kind" not in asked.fields and "demand" not in asked.fields
    assert next(label for _, label in asked.fields["content"].choices) == "要解决问题：投诉、求助、申诉"
    given = filing(way="cadre")
    del given["kind"], given["demand"]
    desk.world.client(Role.CADRE).post(reverse("petition-file"), given)
    petition = Petition.objects.get()
    assert (petition.kind, petition.demand) == ("first", "complaint")


@pytest.mark.parametrize("phone", ["123", "电话", "1380000000100000"])
def test_telephone_that_is_none_is_refused(desk: Desk, phone: str) -> None:
    html = post(desk, desk.office, phone=phone).content.decode()
    assert '<a href="#id_phone" data-fault>联系电话</a>' in html
    assert Petition.objects.count() == 0
