"""Who reads a petition: by queryset, by action, over HTTP. Everybody else finds nothing, not even that there is something."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from households.models import AuditEvent, User
from households.refusals import Refused
from households.roles import Role
from petitions.cases.actions import merging
from petitions.filing.codes import ALPHABET, new_code
from petitions.follow.opening import follow
from petitions.models import Petition
from petitions.steps import handling, routing
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.world import COUNTY, OTHER_TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


def everybody(desk: Desk) -> list[User]:
    return [*desk.world.people.values(), *desk.world.strangers.values()]


def readers(desk: Desk, petition: Petition) -> set[str]:
    """Who finds it: the usernames."""
    found = [user for user in everybody(desk) if Petition.objects.visible_to(user).filter(pk=petition.pk).exists()]
    return {user.username for user in found}


def test_filed_petition_is_read_by_the_office_alone(desk: Desk) -> None:
    assert readers(desk, desk.file()) == {"petition_office"}


def test_units_at_work_read_it_as_well(desk: Desk) -> None:
    assert readers(desk, desk.assigned(LYJ, LUOPING)) == {"petition_office", "department", "township"}


def test_unit_keeps_what_it_answered(desk: Desk) -> None:
    assert readers(desk, desk.closed()) == {"petition_office", "department"}


def test_unit_that_was_relieved_no_longer_reads(desk: Desk) -> None:
    petition = desk.assign(desk.assigned(LYJ), SLJ, note="职责在水利局")
    assert readers(desk, petition) == {"petition_office", "strange-department"}


def test_cadre_reads_what_he_filed_for_somebody(desk: Desk) -> None:
    petition = desk.file(desk.world.user(Role.CADRE), way="cadre")
    assert readers(desk, petition) == {"petition_office", "cadre"}


def test_somebody_dismissed_reads_nothing(desk: Desk) -> None:
    petition = desk.file()
    User.objects.filter(pk=desk.office.pk).update(is_active=False)
    assert not Petition.objects.visible_to(User.objects.get(pk=desk.office.pk)).filter(pk=petition.pk).exists()


@pytest.mark.parametrize(
    ("accused", "blind"),
    [
        (LYJ, {"department"}),
        (LUOPING, {"township", "cadre"}),
        (f"division:{VILLAGE}", {"cadre"}),
        ("user:department", {"department"}),
        ("user:petition_office", {"petition_office"}),
        (f"division:{OTHER_TOWNSHIP}", set()),
    ],
)
def test_accused_never_reads_even_when_it_was_his_to_handle(desk: Desk, accused: str, blind: set[str]) -> None:
    """First it is an ordinary matter that all of them read; then the office finds that it accuses somebody."""
    petition = desk.assign(desk.accept(desk.file(desk.world.user(Role.CADRE), way="cadre")), LYJ, LUOPING)
    before = {"petition_office", "department", "township", "cadre"}
    desk.body()
    assert readers(desk, petition) == before
    given = {"content": "accusation", "accused": (accused,)}
    merging.classify(op_id=uuid4(), petition=petition, by=desk.office, **given)
    assert readers(desk, petition) == before - blind


def test_accusation_is_not_assigned_to_the_accused(desk: Desk) -> None:
    petition = desk.accept(desk.accusation(LYJ))
    for lead, *joint in ((LYJ,), (SLJ, LYJ)):
        with pytest.raises(Refused) as caught:
            desk.assign(petition, lead, *joint)
        assert caught.value.code == "unit_accused"


def test_township_above_an_accused_village_may_handle(desk: Desk) -> None:
    petition = desk.assign(desk.accept(desk.accusation(f"division:{VILLAGE}")), LUOPING)
    assert readers(desk, petition) == {"petition_office", "township"}


@pytest.mark.parametrize("act", [handling.handle, handling.contest, handling.note, handling.ask_extension])
def test_accused_gets_the_answer_of_a_number_that_does_not_exist(desk: Desk, act: object) -> None:
    petition = desk.accusation()
    with pytest.raises(Refused) as caught:
        act(op_id=uuid4(), petition=petition, by=desk.handler, note="想看看")
    assert (caught.value.code, caught.value.status) == ("not_found", 404)


def test_audit_of_an_accusation_says_no_more_than_of_any_petition(desk: Desk) -> None:
    accusation, plain = desk.accept(desk.accusation()), desk.accept(desk.file())
    for petition in (accusation, plain):
        assert set(AuditEvent.objects.filter(subject=petition.number).values_list("place", flat=True)) == {COUNTY}
    words = [f"{line.action}{line.detail}" for line in AuditEvent.objects.filter(subject=accusation.number)]
    assert not any("LYJ" in text or "accus" in text for text in words)


def test_county_office_supervises_by_number_but_no_accusation(desk: Desk) -> None:
    county, plain, accusation = desk.world.user(Role.COUNTY_OFFICE), desk.file(), desk.accusation()
    assert list(Petition.objects.overseen_by(county)) == [plain]
    routing.supervise(op_id=uuid4(), petition=plain, by=county, note="限期受理")
    with pytest.raises(Refused) as caught:
        routing.supervise(op_id=uuid4(), petition=accusation, by=county, note="限期受理")
    assert caught.value.status == 404


def api(client: Client, number: str) -> tuple[int, object]:
    answer = client.get(f"/api/v1/petitions/{number}/")
    return answer.status_code, answer.json()


def test_accusation_over_http_is_a_number_that_does_not_exist(desk: Desk) -> None:
    accusation = desk.accusation()
    client = desk.world.client(desk.handler)
    nothing = api(client, "430726-2020-000001")
    assert nothing[0] == 404
    assert api(client, accusation.number) == nothing
    assert client.get("/api/v1/petitions/").json()["results"] == []
    sent = {"op_id": str(uuid4()), "to": "note", "note": "想看看"}
    path = f"/api/v1/petitions/{accusation.number}/transitions/"
    assert client.post(path, sent, content_type="application/json").json() == nothing[1]


def test_follow_code_is_ten_characters_without_lookalikes() -> None:
    codes = {new_code(uuid4()) for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("0O1IL5SZ")


def test_number_and_code_open_the_petition(desk: Desk) -> None:
    filed = desk.filed()
    request = RequestFactory().get("/")
    typed = f" {filed.code[:5].lower()} {filed.code[5:]}"
    assert follow(number=filed.petition.number, code=typed, request=request) == filed.petition


def test_code_is_stored_nowhere(desk: Desk) -> None:
    filed = desk.filed()
    row = Petition.objects.filter(pk=filed.petition.pk).values().get()
    assert not any(filed.code in str(value) for value in row.values())


@pytest.mark.parametrize("code", ["", "2222222222", "张三", "a\0b", "A" * 500])
def test_wrong_pairs_all_get_one_answer(desk: Desk, code: str) -> None:
    filed, other = desk.filed(), desk.filed()
    told = set()
    for number in (filed.petition.number, "430726-2020-999999", "", "a\0b"):
        for tried in (code, other.code):
            with pytest.raises(Refused) as caught:
                follow(number=number, code=tried, request=RequestFactory().get("/"))
            told.add((caught.value.code, caught.value.sentence, caught.value.status))
    assert told == {("code_wrong", "编号或查询码不对。请照回执上的编号和查询码再输一次。", 404)}


def test_wrong_codes_are_answered_curtly_and_the_right_one_always_opens(desk: Desk, settings: Any) -> None:
    filed, request = desk.filed(), RequestFactory().get("/")
    for _ in range(settings.ADDRESS_FAILURES):
        with pytest.raises(Refused, match="编号或查询码"):
            follow(number=filed.petition.number, code="2222222222", request=request)
    with pytest.raises(Refused) as caught:
        follow(number=filed.petition.number, code="2222222222", request=request)
    assert (caught.value.code, caught.value.status) == ("too_many_tries", 429)
    assert follow(number=filed.petition.number, code=filed.code, request=request) == filed.petition


def test_number_of_the_hotline_tells_the_accused_nothing(desk: Desk) -> None:
    """Known or not, a department that enters it gets one answer."""
    given = {"channel": "net", "way": "hotline"}
    desk.accusation(LYJ, by=desk.office, external_no="12345-001", **given)
    told = set()
    for number in ("12345-001", "12345-002"):
        with pytest.raises(Refused) as caught:
            desk.file(desk.handler, external_no=number, **given)
        told.add((caught.value.code, caught.value.sentence, tuple(caught.value.fields)))
    assert told == {("invalid", "请核对：来源编号。改好后再提交。", ("external_no",))}
