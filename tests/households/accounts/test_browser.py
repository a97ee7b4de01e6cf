"""The pages of accounts in two hands, in real Chromium on a telephone and on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from knox.models import AuthToken

from households.accounts.actions import accounts, posts, requests
from households.models import RequestKind, SecondFactor, SignIn
from households.roles import Role
from tests.browsing import enter, faults, says
from tests.households.accounts.telephones import Telephone
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(transactional_db: None) -> World:
    from tests.world import build

    world = build()
    admin = world.user(Role.SYSTEM_ADMIN)
    person = {"username": "xinren", "display_name": "新来的人", "role": Role.COUNTY_OFFICE, "place": world.county}
    requests.ask_to_create(**person, reason="新增人员", by=admin)
    asked = requests.ask_about(kind=RequestKind.RESET, user=world.user(Role.AUDITOR), reason="忘了密码", by=admin)
    requests.confirm(request=asked, by=world.user(Role.SECURITY_ADMIN))
    accounts.note_spraying(names=10)
    return world


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_two_hands(scene: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    page, watcher = browser_page(width), scene.user(Role.SECURITY_ADMIN)
    enter(page, scene, watcher)
    SignIn.objects.create(key="k" * 32, user=watcher, browser="安卓手机 微信", at=watcher.created_at)
    AuthToken.objects.create(watcher)
    for name in ("home", "account-requests", "security", "sign-ins"):
        page.goto(reverse(name))
        assert faults(page) == []
        page.screenshot(path=artefacts / f"accounts-{name}-{width}.jpg", full_page=True)
    page.goto(reverse("account-requests"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="确认新来的人的申请").click()
    says(page, "一次性密码")
    assert faults(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_password_asked_again(
    scene: World, browser_page: Callable, artefacts: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, client = browser_page(width), scene.client(Role.SYSTEM_ADMIN)
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    cookie = {"name": "dongkou_session", "value": session.session_key, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])
    page.goto(reverse("ask-account"))
    for field, words in (("place", "石门县"), ("display_name", "乙"), ("username", "yi2"), ("reason", "新增")):
        page.fill(f"[name={field}]", words)
    page.select_option("[name=role]", "auditor")
    page.screenshot(path=artefacts / f"accounts-ask-{width}.jpg", full_page=True)
    page.click("main form button[type=submit]")
    says(page, "要确认是您本人在操作")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"accounts-password-{width}.jpg", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_telephone_is_bound_and_asked_for(scene: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    page, user = browser_page(width), scene.user(Role.CADRE)

    def look(name: str) -> None:
        assert faults(page) == []
        page.screenshot(path=artefacts / f"accounts-{name}-{width}.jpg", full_page=True)

    enter(page, scene, user)
    page.goto(reverse("own-factor"))
    look("factor-none")
    page.get_by_role("button", name="开始绑定").click()
    says(page, "用它扫这个码")
    look("factor-binding")
    telephone = Telephone(SecondFactor.objects.get(user=user).pending, [])
    page.fill("[name=code]", telephone.code())
    page.get_by_role("button", name="完成绑定").click()
    says(page, "备用码只在这里显示一次")
    look("factor-codes")
    page.goto(reverse("own-factor"))
    look("factor-bound")
    half_in = scene.client()  # the web server knows no quick hashes: the password is typed here
    half_in.post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})
    session = half_in.cookies["dongkou_session"].value
    page.context.add_cookies([{"name": "dongkou_session", "value": session, "domain": "127.0.0.1", "path": "/"}])
    page.goto(reverse("second-factor"))
    says(page, "手机上现在的六位数字")
    look("factor-asked")
    page.fill("[name=code]", telephone.code(1))
    page.click("main form button[type=submit]")
    says(page, "东山村")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_posts(scene: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    page, user = browser_page(width), scene.user(Role.TOWNSHIP)
    posts.correct_user(user=user, display_name="周新民", phone="13900007777", by=None)
    enter(page, scene, Role.SYSTEM_ADMIN)
    one = [user.pk]
    for name, args in (
        ("users", []), ("account", one), ("correct-account", one), ("move-account", one), ("hand-over-account", one),
        ("account-slips", []), ("own-post", []),
    ):  # fmt: skip
        page.goto(reverse(name, args=args))
        assert faults(page) == []
        page.screenshot(path=artefacts / f"accounts-{name}-{width}.jpg", full_page=True)
