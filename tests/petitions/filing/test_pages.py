"""Filing: from a household's page or without signing in, with or without a name; the receipt; likely duplicates; limits."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from households.models import AuditEvent, Plate
from households.plates.actions.pins import renew_pin
from petitions.filing import limits
from petitions.models import Channel, Content, Petition, Way
from petitions.states import PetitionState
from tests.cached import server
from tests.petitions.filers import TEXT, TITLE, Filer, open_with, receipt, text_of
from tests.world import COUNTY, VILLAGE, World


def test_public_page_says_that_filing_costs_nothing(world: World) -> None:
    page = text_of(Client(), reverse("petition-new"))
    assert "反映问题不扣分" in page and "东山村" in page


@pytest.mark.parametrize("query", ["", "?line=enterprise"])
def test_public_page_costs_the_same_queries(world: World, query: str, django_assert_num_queries: object) -> None:
    client = Client()
    client.get(reverse("petition-new"))
    with django_assert_num_queries(2):  # divisions, departments
        assert client.get(f"{reverse('petition-new')}{query}").status_code == 200


def test_filing_without_a_name_gives_number_and_code(world: World) -> None:
    petition, code = Filer().filed()
    assert petition.state == PetitionState.FILED
    assert (petition.channel, petition.way) == (Channel.PEOPLE, Way.PAGE)
    assert petition.is_nameless and petition.household is None and petition.filed_by is None
    assert len(code) == 10 and (petition.title, petition.text) == (TITLE, TEXT)


def test_receipt_is_kept_by_no_cache(world: World) -> None:
    response = Filer().file()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_same_form_sent_twice_is_one_petition(world: World) -> None:
    filer, op_id = Filer(), str(uuid4())
    first, again = (receipt(filer.file(op_id=op_id)) for _ in range(2))
    assert first == again
    assert Petition.objects.count() == 1


def test_form_comes_back_with_its_faults(world: World) -> None:
    response = Filer().file(title="", text="")
    assert response.status_code == 422
    assert response.content.decode().count("field-fault") == 2
    assert Petition.objects.count() == 0


def test_wrong_phone_is_told_and_nothing_is_kept(world: World) -> None:
    response = Filer().file(phone="12")
    assert response.status_code == 422
    assert TEXT in response.content.decode()
    assert Petition.objects.count() == 0


def test_enterprise_files_on_its_own_line(world: World) -> None:
    filer = Filer()
    address = f"{reverse('petition-new')}?line=enterprise"
    petition, _code = receipt(filer.file(address, enterprise="石门木业有限公司", name="李经理", phone="13812345678"))
    assert (petition.channel, petition.way) == (Channel.ENTERPRISE, Way.ENTERPRISE)
    assert petition.enterprise == "石门木业有限公司"


def test_enterprise_must_give_its_name(world: World) -> None:
    response = Filer().file(f"{reverse('petition-new')}?line=enterprise")
    assert response.status_code == 422
    assert Petition.objects.count() == 0


def test_household_files_with_a_name_and_finds_it(world: World) -> None:
    filer = Filer(world.household)
    petition, _code = filer.filed(name="张三丰", phone="13800000001")
    assert petition.household == world.household
    page = text_of(filer.client, filer.url("list"))
    assert petition.number in page and TITLE in page


def test_nameless_filing_from_a_plate_is_tied_to_no_household(world: World) -> None:
    filer = Filer(world.household)
    petition, code = filer.filed()
    assert petition.household is None and code
    assert petition.number not in text_of(filer.client, filer.url("list"))


def test_neighbour_sees_nothing_of_it(world: World) -> None:
    petition, _code = Filer(world.household).filed(name="张三丰")
    neighbour = Filer(world.households[1])
    assert TITLE not in text_of(neighbour.client, neighbour.url("list"))
    assert neighbour.client.get(neighbour.url("page", petition.number)).status_code == 404
    assert neighbour.act("withdraw", petition.number, note="不要了").status_code == 404


def test_accusation_is_not_on_the_households_page(world: World) -> None:
    filer = Filer(world.household)
    petition, code = filer.filed(name="张三丰", content="accusation", accused_here="on")
    assert TITLE not in text_of(filer.client, filer.url("list"))
    assert filer.client.get(filer.url("page", petition.number)).status_code == 404
    assert open_with(Client(), petition.number, code).status_code == 302


def test_who_renews_the_pin_reads_nothing_filed_before(world: World) -> None:
    filer = Filer(world.household)
    petition, _code = filer.filed(name="张三丰")
    plate = Plate.objects.get(token=filer.token)
    pin = renew_pin(plate=plate, by=world.user("cadre"))
    cadre = Client()
    cadre.post(reverse("plate", args=[plate.token]), {"pin": pin})
    cadre.post(reverse("own-pin", args=[plate.token]), {"pin": "204817", "again": "204817"})
    assert TITLE not in text_of(cadre, filer.url("list"))
    assert cadre.get(filer.url("page", petition.number)).status_code == 404


def test_who_renews_the_plate_reads_nothing_filed_before(world: World) -> None:
    petition, _code = Filer(world.household).filed(name="张三丰")
    cadre = Filer(world.household)
    assert TITLE not in text_of(cadre.client, cadre.url("list"))
    assert cadre.client.get(cadre.url("page", petition.number)).status_code == 404


def test_household_list_without_session_leads_to_the_plate(world: World) -> None:
    filer = Filer(world.household)
    petition, _code = filer.filed(name="张三丰")
    for address in (filer.url("list"), filer.url("new"), filer.url("page", petition.number)):
        response = Client().get(address)
        assert response.status_code == 302 and response["Location"] == reverse("plate", args=[filer.token])


@pytest.mark.parametrize("number", [1, 3])
def test_household_list_costs_the_same_however_long(
    world: World, number: int, django_assert_num_queries: object
) -> None:
    filer = Filer(world.household)
    for turn in range(number):
        filer.filed(name="张三丰", title=f"第{turn}件", similar_seen="on")
    with django_assert_num_queries(3):  # session, plate, petitions
        assert filer.client.get(filer.url("list")).status_code == 200


def test_likely_duplicate_is_shown_before_filing(world: World) -> None:
    filer = Filer(world.household)
    first, _code = filer.filed(name="张三丰")
    response = filer.file(name="张三丰", title="组里的路坏了没人修", text="到学校的路坏了半年了，希望修一修。")
    page = response.content.decode()
    assert "您家好像反映过一样的事" in page and filer.url("page", first.number) in page
    assert 'name="similar_seen" value="on"' in page
    assert Petition.objects.count() == 1


def test_duplicate_is_filed_when_the_filer_insists(world: World) -> None:
    filer = Filer(world.household)
    filer.filed(name="张三丰")
    filer.filed(name="张三丰", similar_seen="on")
    assert Petition.objects.count() == 2


def test_other_matter_is_no_duplicate(world: World) -> None:
    filer = Filer(world.household)
    filer.filed(name="张三丰")
    filer.filed(name="张三丰", title="低保申请没有回音", text="去年交的材料，一直没有人告诉我结果。")
    assert Petition.objects.count() == 2


def test_somebody_elses_words_are_never_shown_as_a_duplicate(world: World) -> None:
    Filer(world.household).filed(name="张三丰")
    for filer in (Filer(), Filer(world.households[1])):
        assert "好像反映过" not in filer.file(name="李四光").content.decode()
    assert Petition.objects.count() == 3


def test_accusation_hides_from_those_it_accuses(world: World) -> None:
    petition, _code = Filer().filed(content="accusation", accused_here="on", accused_department="LYJ")
    accused = {(one.department_id, one.division_id) for one in petition.accused.all()}
    assert accused == {("LYJ", None), (None, VILLAGE)}
    assert petition.content == Content.ACCUSATION


@pytest.mark.parametrize("given", [{"content": "appeal"}, {"content": "accusation", "place": COUNTY}])
def test_accusing_the_wrong_way_is_told(world: World, given: dict[str, str]) -> None:
    assert Filer().file(accused_here="on", **given).status_code == 422
    assert Petition.objects.count() == 0


def test_audit_line_holds_no_name(world: World) -> None:
    Filer(world.household).filed(name="张三丰", phone="13800000001")
    line = AuditEvent.objects.get(action="petition.file")
    told = f"{line.actor}{line.role}{line.subject}{line.detail}"
    assert "张" not in told and "138" not in told and TITLE not in told


def test_nobody_is_asked_for_a_telephone_because_of_what_others_filed(world: World) -> None:
    for _ in range(22):
        limits.note(RequestFactory().get("/"))
    Filer().filed()


def test_very_busy_address_files_one_after_the_other(world: World, settings: Any) -> None:
    settings.ADDRESS_FILINGS, settings.ADDRESS_FILING_PAUSE = 1, 600
    filer = Filer()
    filer.filed()
    refused = filer.file()
    page = refused.content.decode()
    assert refused.status_code == 429 and "秒再按一次提交" in page and "12345" in page
    assert TEXT in page
    server().delete(*server().keys("*filings-pause*"))  # the pause is over
    filer.filed()


def test_household_files_so_much_a_day_and_is_asked_for_no_telephone(world: World, settings: Any) -> None:
    settings.HOUSEHOLD_FILINGS = 1
    household, neighbour = Filer(world.household), Filer(world.households[1])
    household.filed(similar_seen="on")
    refused = household.file(similar_seen="on")
    page = refused.content.decode()
    assert refused.status_code == 429 and "明天再来" in page and "12345" in page and TEXT in page
    assert "请填电话" not in page and Petition.objects.count() == 1
    neighbour.filed()


def test_household_with_plate_is_never_limited(world: World, settings: Any) -> None:
    settings.ADDRESS_FILINGS = 0
    Filer().filed()
    Filer(world.household).filed()
    assert Petition.objects.count() == 2


def test_accusation_of_nobody_is_asked_for_once_more(world: World) -> None:
    asked = Filer().file(content="accusation")
    page = asked.content.decode()
    assert asked.status_code == 422 and "检举、控告的是谁？" in page and TEXT in page
    assert '<details class="accused" open>' in page and Petition.objects.count() == 0
    petition, _code = Filer().filed(content="accusation", accused_unknown="on")
    assert petition.content == Content.ACCUSATION and not petition.accused.exists()


def test_who_is_accused_by_name_is_kept_out(world: World) -> None:
    cadre = world.user("cadre")
    names = f"村支书{cadre.display_name}、没有账号的某某"
    petition, _code = Filer().filed(content="accusation", accused_names=names)
    assert petition.accused.filter(user=cadre).exists()
    assert petition.text == f"{TEXT}\n\n检举、控告的人：{names}"
    assert world.client(cadre).get(reverse("petition", args=[petition.number])).status_code == 404
