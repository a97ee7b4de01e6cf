"""Binding and coming in through the provider, in real Chromium, with the site and the provider as processes of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from households.models import OutsideIdentity, User
from households.roles import Role
from tests import processes
from tests.browsing import faults, says
from tests.households.oidc.provided import CLIENT, LABEL, SECRET, Provided
from tests.waiting import until
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser
SUB = "gh-0417"


@pytest.fixture(scope="module")
def _site_with_provider(_provider: Provided, django_db_setup: None) -> Iterator[str]:
    """The web server as an operator has set it up for this provider; one for the module."""
    from dongkou.run import health

    port = processes.free_port()
    given = {"ISSUER": _provider.at, "CLIENT": CLIENT, "SECRET": SECRET, "LABEL": LABEL}
    web = processes.start(
        "web",
        port,
        DONGKOU_PUBLIC_URL=f"http://127.0.0.1:{port}",
        **{f"DONGKOU_OIDC_{name}": value for name, value in given.items()},
    )
    try:
        until(lambda: health(port)[:3] in ("200", "503"), seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.end(web)


@pytest.fixture
def site(_site_with_provider: str, transactional_db: None) -> str:
    """Its address. Data must be committed."""
    return _site_with_provider


@pytest.fixture
def scene(transactional_db: None) -> World:
    from tests.world import build

    world = build()
    # The site knows none of the tests' quick hashes.
    User.objects.filter(username=Role.CADRE).update(password=make_password(PASSWORD, hasher="argon2"))
    return world


@pytest.mark.parametrize("width", [360, 1280])
def test_bound_once_and_in_without_a_password(
    scene: World, site: str, _provider: Provided, browser_page: Callable, artefacts: Path, width: int
) -> None:
    page = browser_page(width)
    _provider.lies()
    _provider.knows(**{SUB: {"name": "林某某"}})

    def looks(name: str) -> None:
        assert faults(page) == []
        page.screenshot(path=artefacts / f"oidc-{name}-{width}.jpg", full_page=True)

    def at_the_provider() -> None:
        page.get_by_label("工号").fill(SUB)
        page.get_by_role("button", name="登录").click()

    page.goto(f"{site}{reverse('sign-in')}")
    page.get_by_role("link", name=f"用{LABEL}登录").wait_for()
    looks("sign-in")
    page.get_by_label("账号", exact=True).fill(Role.CADRE)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}{reverse('own-identity')}")
    looks("own")
    page.get_by_role("button", name="开始绑定").click()
    page.get_by_role("link", name=f"去{LABEL}登录").click()
    at_the_provider()
    says(page, "林某某")
    looks("is-it-you")
    page.get_by_role("button", name="是我，绑定").click()
    says(page, "已经绑定")
    looks("bound")
    page.goto(site)
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("link", name="工作人员登录").first.wait_for()
    page.goto(f"{site}{reverse('sign-in')}?next={reverse('sign-ins')}")
    page.get_by_role("link", name=f"用{LABEL}登录").click()
    at_the_provider()
    page.wait_for_url(f"{site}{reverse('sign-ins')}")
    says(page, "经统一身份认证登录")
    looks("sign-ins")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="退出登录").click()
    says(page, "已退出本系统")
    looks("left")
    page.get_by_role("link", name=f"也退出{LABEL}").click()
    says(page, "身份认证已退出")
    assert OutsideIdentity.objects.get().subject == SUB


def test_stranger_is_told_and_led_back(
    scene: World, site: str, _provider: Provided, browser_page: Callable, artefacts: Path
) -> None:
    page = browser_page(360)
    page.goto(f"{site}{reverse('sign-in')}")
    page.get_by_role("link", name=f"用{LABEL}登录").click()
    page.get_by_label("工号").fill("nobody")
    page.get_by_role("button", name="登录").click()
    says(page, "还没有绑定")
    assert faults(page) == []
    page.screenshot(path=artefacts / "oidc-refused-360.jpg", full_page=True)
    page.get_by_role("link", name="用账号和密码登录").click()
    page.get_by_label("密码", exact=True).wait_for()
