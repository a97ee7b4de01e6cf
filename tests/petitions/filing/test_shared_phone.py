"""The next person on a shared phone: nothing of what was filed on it, by no way back."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from petitions.models import Petition
from tests.browsing import faults
from tests.petitions.filers import TEXT, TITLE, Filer, receipt, text_of
from tests.plates import own_plate
from tests.world import VILLAGE, World, build

FOLLOW, RECEIPT = reverse("petition-follow"), reverse("petition-receipt")
LEAVE = reverse("petition-follow-leave")
TYPED = re.compile(r"<(?:textarea|input(?=[^>]*type=.text))[^>]*>")


def sent(**given: str) -> dict[str, str]:
    form = {"content": "accusation", "title": TITLE, "text": TEXT, "place": VILLAGE, "accused_here": "on"}
    return {"op_id": str(uuid4()), "accused_department": "", "name": "", "phone": ""} | form | given


def secrets_in(answer: Any, petition: Petition, code: str) -> list[str]:
    body = answer.content.decode()
    return [word for word in (petition.number, code, code[:5], TITLE, TEXT) if word in body]


@pytest.mark.parametrize("name", ["", "张三丰"])
@pytest.mark.parametrize("plate", [False, True])
def test_filing_answers_by_a_redirect_and_opens_no_petition(world: World, name: str, plate: bool) -> None:
    filer = Filer(world.household if plate else None)
    answer = filer.client.post(filer.url("new"), sent(name=name))
    assert (answer.status_code, answer["Location"]) == (302, RECEIPT)
    assert "no-store" in answer["Cache-Control"] and "dongkou_petition" not in answer.cookies
    assert TITLE not in text_of(filer.client, FOLLOW)


def test_receipt_is_for_the_browser_that_filed(world: World) -> None:
    filer = Filer()
    petition, code = receipt(filer.file())
    assert receipt(filer.client.get(RECEIPT)) == (petition, code)
    assert secrets_in(Client().get(RECEIPT), petition, code) == []


def test_receipt_runs_out_and_the_form_brings_none_back(world: World) -> None:
    filer, form = Filer(), sent()
    petition, code = receipt(filer.file(**form))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for answer in (filer.client.get(RECEIPT), filer.file(**form), filer.file(**form | {"title": ""})):
        assert secrets_in(answer, petition, code) == []
        assert "回执不再显示" in answer.content.decode()
    assert Petition.objects.count() == 1


def test_lost_answer_leads_to_the_receipt_again(world: World) -> None:
    """The network lost the first answer with its cookie; the same form is sent once more."""
    form = sent()
    first = receipt(Filer().file(**form))
    assert receipt(Filer().file(**form)) == first
    assert Petition.objects.count() == 1


def test_knowing_the_forms_id_opens_no_receipt(world: World) -> None:
    form = sent()
    petition, code = receipt(Filer().file(**form))
    stranger = Client()
    for planted in (form["op_id"], form["op_id"].replace("-", ""), f"{form['op_id'].replace('-', '')}:x"):
        stranger.cookies["dongkou_receipt"] = planted
        assert secrets_in(stranger.get(RECEIPT), petition, code) == []


def test_database_holds_no_key_of_the_receipt(world: World) -> None:
    filer = Filer()
    _petition, code = receipt(filer.file())
    cookie, row = filer.client.cookies["dongkou_receipt"], Session.objects.get()
    assert cookie["httponly"] and cookie["max-age"] == 300
    assert cookie.value not in (row.session_key, row.session_data) and code not in row.session_data


@pytest.mark.parametrize("where", ["household", "receipt"])
def test_leaving_anywhere_ends_every_session_of_the_device(world: World, where: str) -> None:
    filer, form = Filer(world.household), sent()
    petition, code = receipt(filer.file(**form))
    filer.client.post(FOLLOW, {"number": petition.number, "code": code})
    plate = reverse("plate", args=[filer.token])
    filer.client.post(f"{plate}leave/" if where == "household" else LEAVE)
    assert Session.objects.count() == 0
    for answer in (filer.client.get(FOLLOW), filer.client.get(RECEIPT), filer.client.get(plate), filer.file(**form)):
        assert secrets_in(answer, petition, code) == []
    assert filer.client.get(filer.url("list"))["Location"] == plate


def test_leaving_ends_nothing_of_another_device(world: World) -> None:
    mine, other = Filer(), Filer()
    mine.filed()
    other.filed(title="别的事")
    mine.client.post(LEAVE)
    assert "别的事" in text_of(other.client, FOLLOW)


def test_every_page_of_a_filer_has_a_way_out(world: World) -> None:
    filer = Filer(world.household)
    petition, code = receipt(filer.file(name="张三丰"))
    pages = [filer.client.get(RECEIPT).content.decode()]
    pages += [text_of(filer.client, filer.url(*at)) for at in (("list",), ("new",), ("page", petition.number))]
    filer.client.post(FOLLOW, {"number": petition.number, "code": code})
    pages.append(text_of(filer.client, FOLLOW))
    assert [page[:600] for page in pages if LEAVE not in page] == []


def test_browser_keeps_nothing_that_is_typed(world: World) -> None:
    filer = Filer(world.household)
    petition, _code = receipt(filer.file(name="张三丰"))
    plain = [
        text_of(Client(), address)
        for address in (reverse("petition-new"), FOLLOW, f"{reverse('petition-new')}?line=enterprise")
    ]
    own = [text_of(filer.client, filer.url(*at)) for at in (("new",), ("page", petition.number))]
    door = text_of(Client(), reverse("plate", args=[filer.token]))
    for page in (*plain, *own, door):
        typing = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if TYPED.search(form)]
        assert typing and all('autocomplete="off"' in form.split(">")[0] for form in typing)
    for name in ("title", "text", "name", "phone", "enterprise"):
        [control] = re.findall(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', plain[2])
        assert 'autocomplete="off"' in control


def look(page: Any, artefacts: Path, name: str) -> None:
    page.screenshot(path=artefacts / f"shared-phone-{name}.jpg", full_page=True)
    assert faults(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_next_person_on_the_phone_finds_nothing(browser_page: Any, artefacts: Path, scripts: bool) -> None:
    world: World = build()
    plate, pin = own_plate(world.household)
    page = browser_page(360, java_script_enabled=scripts)
    page.goto(f"/h/{plate.token}/")
    page.get_by_label("6 位密码").fill(pin)
    page.get_by_role("button", name="打开").click()
    page.goto(f"/h/{plate.token}/petitions/new/")
    page.get_by_label("一句话说是什么事").fill(TITLE)
    page.get_by_label("详细情况").fill(TEXT)
    page.get_by_label("事情在哪里").select_option(VILLAGE)
    page.get_by_role("button", name="提交").click()
    number, code = page.locator("dd.number").inner_text(), page.locator("dd.code").inner_text()
    if scripts:
        look(page, artefacts, "receipt")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("link", name="查办理进展").click()
    assert page.get_by_label("查询码").input_value() == ""
    planted = (number, code[:5], TITLE, TEXT)
    for _ in range(5):
        page.go_back()
        shown = page.content() + "".join(
            page.eval_on_selector_all("input, textarea", "all => all.map(one => one.value)")
        )
        assert [word for word in planted if word in shown] == [], page.url
        page.reload()
        assert [word for word in planted if word in page.content()] == [], page.url
    page.goto("/petitions/receipt/")
    assert "回执不再显示" in page.content()
    if scripts:
        look(page, artefacts, "over")
