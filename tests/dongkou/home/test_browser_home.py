"""Sign-in, homes and accounts in a real browser: by keyboard, at 360 px, and by the rules of accessibility."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password

from households.models import User
from households.roles import Role
from tests.browsing import enter as come_in
from tests.browsing import faults
from tests.world import PASSWORD, World, build

pytestmark = pytest.mark.browser

PUBLIC = ["/", "/accounts/sign-in/", "/nothing/"]
STAFF = [
    (Role.CADRE, "/"),
    (Role.CADRE, "/accounts/password/"),
    (Role.TOWNSHIP, "/"),
    (Role.COUNTY_OFFICE, "/"),
    (Role.SYSTEM_ADMIN, "/"),
    (Role.SYSTEM_ADMIN, "/accounts/users/"),
    (Role.SYSTEM_ADMIN, "/accounts/users/new/"),
    (Role.AUDITOR, "/"),
    (Role.AUDITOR, "/audit/"),
]


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    world = build()
    world.frozen_once()
    return world


def enter(page: object, world: World, role: str) -> None:
    """Come home as the role's person."""
    come_in(page, world, role)
    page.goto("/")
    page.wait_for_selector(".top-bar .menu")


def test_public_pages_are_accessible_and_fit_a_phone(committed_world: World, browser_page: Callable) -> None:
    page, wrong = browser_page(360), []
    for path in PUBLIC:
        page.goto(path)
        wrong += [(path, fault) for fault in faults(page)]
    assert wrong == []


@pytest.mark.parametrize("width", [360, 1280])
def test_staff_pages_are_accessible_and_fit_the_screen(
    committed_world: World, browser_page: Callable, width: int
) -> None:
    wrong, page, signed_in_as = [], None, None
    for role, path in STAFF:
        if role != signed_in_as:
            page, signed_in_as = browser_page(width), role
            enter(page, committed_world, role)
        page.goto(path)
        wrong += [(path, fault) for fault in faults(page)]
    assert wrong == []


def test_sign_in_by_keyboard_alone(committed_world: World, browser_page: Callable) -> None:
    as_shipped = make_password(PASSWORD, hasher="argon2")  # the site does not know the quick hashes of tests
    User.objects.filter(username=Role.CADRE).update(password=as_shipped)
    page = browser_page(360)
    page.goto("/accounts/sign-in/")
    page.wait_for_selector("input[name=username]:focus")  # a page has loaded before its first box gets the focus
    page.keyboard.type(Role.CADRE)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".top-bar .menu")
    assert page.get_by_role("heading", name="东山村").is_visible()


def test_skip_link_is_the_first_stop_and_leads_to_the_content(committed_world: World, browser_page: Callable) -> None:
    page = browser_page(1280)
    enter(page, committed_world, Role.CADRE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_menu_opens_by_keyboard_and_closes_on_escape(committed_world: World, browser_page: Callable) -> None:
    page = browser_page(360)
    enter(page, committed_world, Role.CADRE)
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("text=退出登录").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("text=退出登录").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_closing_an_account_asks_first(committed_world: World, browser_page: Callable) -> None:
    page, questions = browser_page(1280), []
    enter(page, committed_world, Role.SYSTEM_ADMIN)
    page.goto("/accounts/users/?words=strange-cadre")
    page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    page.get_by_label("停用村干部乙的账号").click()
    assert questions == ["停用“村干部乙”的账号？正在用它的浏览器马上退出。"]
    assert page.locator("td", has_text="演示账号").is_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_label("停用村干部乙的账号").click()
    page.get_by_text("账号strange-cadre已停用，正在用它的浏览器和令牌都已退出。").wait_for()


def test_newcomer_gets_in_with_the_password_he_was_given(committed_world: World, browser_page: Callable) -> None:
    admin, newcomer = browser_page(1280), browser_page(360)
    enter(admin, committed_world, Role.SYSTEM_ADMIN)
    admin.goto("/accounts/users/new/")
    for box, text in (("所属区划或部门", "东山村"), ("姓名", "新人"), ("账号", "xinren")):
        admin.get_by_label(box, exact=True).fill(text)
    admin.get_by_label("角色").select_option("cadre")
    admin.get_by_role("button", name="建立账号").click()
    password = admin.locator("#one-time").text_content()
    newcomer.goto("/accounts/sign-in/")
    newcomer.get_by_label("账号").fill("xinren")
    newcomer.get_by_label("密码", exact=True).fill(password)
    newcomer.get_by_role("button", name="登录").click()
    for box, text in (("现在的密码", password), ("新密码", PASSWORD), ("再输一次新密码", PASSWORD)):
        newcomer.get_by_label(box, exact=True).fill(text)
    newcomer.get_by_role("button", name="换成新密码").click()
    newcomer.get_by_role("heading", name="东山村").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_every_room_is_reached_from_the_menu_of_a_phone(
    committed_world: World, browser_page: Callable, artefacts: Path, script: bool
) -> None:
    page = browser_page(360, java_script_enabled=script)
    enter(page, committed_world, Role.CADRE)
    menu = page.locator(".rooms > summary")
    menu.focus()
    page.keyboard.press("Enter")
    links = page.locator(".rooms a")
    boxes = [links.nth(at).bounding_box() for at in range(links.count())]
    assert len(boxes) >= 11
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 44 for box in boxes)
    assert not page.locator(".main-nav").first.is_visible()
    page.locator(".rooms a", has_text="积分超市").click()
    page.wait_for_url("**/shop/**")
    assert page.locator(".rooms-here").text_content() == "积分超市"
    page.screenshot(path=artefacts / f"menu-360-{script}.jpg")


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_no_room_is_cut_on_a_wide_screen(
    committed_world: World, browser_page: Callable, artefacts: Path, role: str
) -> None:
    page = browser_page(1280)
    enter(page, committed_world, role)
    links = page.locator(".main-nav a")
    edges = [box["x"] + box["width"] for at in range(links.count()) if (box := links.nth(at).bounding_box())]
    assert len(edges) >= 11
    assert max(edges) <= 1280
    assert not page.locator(".rooms").is_visible()
    page.screenshot(path=artefacts / f"home-{role}-1280.jpg")
