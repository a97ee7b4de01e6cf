"""A household checks its points in real Chromium: on its own page, as a file, with a proof that was tampered with, without scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot
from tests.browsing import enter, faults
from tests.days import yesterday
from tests.plates import own_plate
from tests.world import COUNTY, VILLAGE, World

pytestmark = pytest.mark.browser
HOME = ledger.household(f"{VILLAGE}010001")


@pytest.fixture
def door(transactional_db: None, world: World) -> tuple[World, str, str]:
    """The world with published points; the token of 张三丰's plate and its PIN."""
    from django.db import transaction

    world.frozen_once()
    with transaction.atomic():
        ledger.hold(HOME, 3, key="test:1", text="预留一包盐")
        ledger.spend(HOME, key="test:1", text="领走一包盐")
        ledger.hold(HOME, 2, key="test:2", text="预留一块肥皂")
    publish_roots(day=yesterday())
    plate, pin = own_plate(world.household)
    return world, plate.token, pin


def open_points(page: object, token: str, pin: str) -> None:
    page.goto(reverse("plate", args=[token]))
    page.fill("#pin", pin)
    page.click("main form button")
    page.click("text=看每一笔，核对积分")
    page.wait_for_selector("text=张*家的积分")


@pytest.mark.parametrize("width", [360, 1280])
def test_household_checks_its_own_rows(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, width: int
) -> None:
    _, token, pin = door
    page = browser_page(width)
    open_points(page, token, pin)
    page.click("text=在这里核对")
    page.wait_for_selector(".is-right")
    answer = page.inner_text("[data-answer]")
    assert "核对无误。" in answer
    assert f"您家的 4 笔（合计 7 积分）都在 {yesterday()} 公布的积分日榜里" in answer
    assert DailyRoot.objects.get().root in answer
    page.screenshot(path=artefacts / f"household-points-{width}.jpg", full_page=True)
    assert faults(page) == []


def downloaded(page: object, folder: Path) -> dict:
    with page.expect_download() as download:
        page.click("text=下载证明文件")
    path = folder / "proof.json"
    download.value.save_as(path)
    return json.loads(path.read_text())


def checked(page: object, folder: Path, proof: object, outcome: str) -> str:
    """What the public page says of a proof file."""
    path = folder / "chosen.json"
    path.write_text(proof if isinstance(proof, str) else json.dumps(proof))
    page.goto(reverse("ledger-check"))
    page.set_input_files("#proof-file", path)
    page.wait_for_selector(f".{outcome}")
    return page.inner_text("[data-answer]")


def test_file_is_checked_on_the_public_page_and_a_tampered_one_is_refused(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, tmp_path: Path
) -> None:
    _, token, pin = door
    page = browser_page(360)
    open_points(page, token, pin)
    proof = downloaded(page, tmp_path)
    other = browser_page(360)  # somebody's browser, with no session
    assert "核对无误" in checked(other, tmp_path, proof, "is-right")
    forged = json.loads(json.dumps(proof))
    forged["rows"][0]["amount"] = 1000
    said = checked(other, tmp_path, forged, "is-wrong")
    assert "有 1 笔不在公布的账里，或者被改过" in said
    assert "2024年5月六项为零（第 1 行）" in said
    other.screenshot(path=artefacts / "proof-refused-360.jpg", full_page=True)
    assert faults(other) == []


TAMPERED = {
    "text": (lambda proof: proof["rows"][1].update(text="预留十包盐"), "有 1 笔不在公布的账里"),
    "salt": (lambda proof: proof["rows"][1].update(salt="0" * 32), "有 1 笔不在公布的账里"),
    "twice": (lambda proof: proof["rows"].append(proof["rows"][0]), "有 1 笔不在公布的账里"),
    "owner": (lambda proof: proof.update(owner=f"{VILLAGE}010002"), "有 4 笔不在公布的账里"),
    "path": (lambda proof: proof["rows"][0]["path"].pop(), "有 1 笔不在公布的账里"),
    "village": (lambda proof: proof["line"].update(root="0" * 64), "有 4 笔不在公布的账里"),
    "county": (lambda proof: proof.update(root="0" * 64), "不在全县的根指纹里"),
    "day": (lambda proof: proof.update(day="2020-01-01"), "没有连上公布页"),
}


def test_every_way_to_bend_a_proof_is_noticed(
    door: tuple[World, str, str], browser_page: Callable, tmp_path: Path
) -> None:
    _, token, pin = door
    page = browser_page(1280)
    open_points(page, token, pin)
    proof = downloaded(page, tmp_path)
    for name, (bend, words) in TAMPERED.items():
        bent = json.loads(json.dumps(proof))
        bend(bent)
        outcome = "is-unsure" if name == "day" else "is-wrong"
        assert words in checked(page, tmp_path, bent, outcome), name
    assert "不是一份完整的证明文件" in checked(page, tmp_path, "nonsense", "is-wrong")


def test_proof_that_differs_from_what_was_published_is_refused(
    door: tuple[World, str, str], browser_page: Callable
) -> None:
    """The server lies to the household: its proof fits in itself, but the public list says something else."""
    _, token, pin = door
    page = browser_page(360)
    page.route("**/ledger/*/*/?format=json", lambda route: route.fulfill(json=other_list()))
    open_points(page, token, pin)
    page.click("text=在这里核对")
    page.wait_for_selector(".is-wrong")
    assert f"和 {yesterday()} 公布的积分日榜不一样" in page.inner_text("[data-answer]")


def other_list() -> dict:
    return {"county": COUNTY, "day": str(yesterday()), "root": "0" * 64, "chains": []}


def test_old_browser_is_told_what_to_do(door: tuple[World, str, str], browser_page: Callable) -> None:
    _, token, pin = door
    page = browser_page(360)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    open_points(page, token, pin)
    page.click("text=在这里核对")
    page.wait_for_selector(".is-unsure")
    assert "带到村委会请村务监督委员会用核对程序验算" in page.inner_text("[data-answer]")


def test_page_works_without_scripts(door: tuple[World, str, str], browser_page: Callable, tmp_path: Path) -> None:
    _, token, pin = door
    page = browser_page(360, java_script_enabled=False)
    open_points(page, token, pin)
    assert "领走一包盐" in page.inner_text("main")
    assert "没有打开脚本" in page.inner_text("#proof ~ noscript, noscript")
    assert len(downloaded(page, tmp_path)["rows"]) == 4


@pytest.mark.parametrize("width", [360, 1280])
def test_public_and_staff_pages_keep_to_the_rules(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, width: int
) -> None:
    world, _, _ = door
    page = browser_page(width)
    found = []
    addresses = {
        "ledger": reverse("ledger"),
        "ledger-day": reverse("ledger-day", args=[COUNTY, yesterday()]),
        "ledger-check": reverse("ledger-check"),
    }
    for name, address in addresses.items():
        found += look(page, address, artefacts / f"{name}-{width}.jpg")
    enter(page, world, Role.CADRE)
    found += look(page, reverse("points", args=[HOME.code]), artefacts / f"points-{width}.jpg")
    found += look(page, reverse("points", args=[VILLAGE]), artefacts / f"points-village-{width}.jpg")
    assert found == []


def look(page: object, address: str, picture: Path) -> list[str]:
    page.goto(address)
    page.screenshot(path=picture, full_page=True)
    return faults(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_cadre_asks_and_township_grants(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, width: int
) -> None:
    world, _, _ = door
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    page.goto(reverse("points", args=[HOME.code]))
    page.click("summary:has-text('申请加减积分')")
    page.fill("#id_points", "5")
    page.fill("#id_reason", "防汛值守漏记")
    page.click("text=提交申请")
    page.wait_for_selector("text=等另一位同志批准")
    enter(page, world, Role.TOWNSHIP)
    page.goto(reverse("point-adjustments"))
    page.screenshot(path=artefacts / f"point-adjustments-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.click("button:text-is('批准')")
    page.wait_for_selector("text=已批准，积分已经入账")
    assert ledger.state_of(HOME).balance == 12
