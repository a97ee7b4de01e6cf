"""The site behind a real nginx and a real Caddy with TLS, configured as we ship them: who is who, and who is shut out."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from dongkou.run import health
from tests import processes
from tests.dongkou.setup.proxies import HOST, Proxy, Visitor
from tests.waiting import until
from tests.world import PASSWORD, World

FOLLOW, SIGN_IN = "/petitions/follow/", "/accounts/sign-in/"
STRANGER, CADRE = "127.0.0.2", "127.0.0.3"
LOCKED = "请 15 分钟后再试"
Behind = Callable[..., Proxy]


@pytest.fixture
def behind(transactional_db: None, tmp_path: Path) -> Iterator[Behind]:
    """Start a web server with these settings, and a proxy of a kind before it."""
    begun: list[Callable[[], None]] = []

    def start(kind: str, **given: str) -> Proxy:
        port = processes.free_port()
        web = processes.start("web", port, DONGKOU_HTTPS="1", DONGKOU_HOSTS=HOST, **given)
        begun.append(lambda: processes.end(web))
        until(lambda: health(port)[:3] in ("200", "503"), seconds=120)
        proxy = Proxy(kind, tmp_path, port)
        begun.append(proxy.end)
        cache.clear()
        return proxy

    yield start
    for end in reversed(begun):
        end()


def wrong_codes(visitor: Visitor, times: int) -> list[int]:
    return [visitor.post(FOLLOW, number="430726-2026-000001", code="AAAAAAAAAA")[0] for _ in range(times)]


def sign_in(visitor: Visitor, password: str = PASSWORD) -> tuple[int, str]:
    return visitor.post(SIGN_IN, username="cadre", password=password)


@pytest.fixture
def password(world: World) -> None:
    """Hashed as the product does, which knows nothing of the quick hashes of tests."""
    user = world.user("cadre")
    user.password = make_password(PASSWORD, hasher="argon2")
    user.save(update_fields=["password"])


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_two_clients_behind_a_proxy_are_two_addresses(behind: Behind, kind: str) -> None:
    proxy = behind(kind, DONGKOU_TRUSTED_PROXIES="127.0.0.1")
    forged = dict.fromkeys(("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded"), CADRE)
    forging = Visitor(proxy.port, STRANGER, forged)
    assert wrong_codes(forging, settings.ADDRESS_FAILURES + 1) == [404] * settings.ADDRESS_FAILURES + [429]
    cadre = Visitor(proxy.port, CADRE)
    assert wrong_codes(cadre, 1) == [404]
    assert [sign_in(forging, "wrong")[0] for _ in range(5)][-1] == 429
    assert LOCKED in sign_in(forging)[1]
    assert sign_in(cadre)[0] == 302
    assert "退出" in cadre.get("/")[1] and "退出" not in forging.get("/")[1]
    names = [f"__Host-{name}" for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)]
    assert all(cadre.cookies[name]["secure"] and cadre.cookies[name]["path"] == "/" for name in names)


def test_without_the_setting_all_clients_count_as_one(behind: Behind) -> None:
    proxy = behind("nginx")
    assert wrong_codes(Visitor(proxy.port, STRANGER), settings.ADDRESS_FAILURES + 1)[-1] == 429
    assert wrong_codes(Visitor(proxy.port, CADRE), 1) == [429]


def test_plates_secret_stays_out_of_the_log(behind: Behind) -> None:
    proxy = behind("nginx", DONGKOU_TRUSTED_PROXIES="127.0.0.1")
    visitor = Visitor(proxy.port, CADRE)
    visitor.get("/h/a-secret-of-a-plate/")
    visitor.get("/rules/")
    assert "a-secret-of-a-plate" not in proxy.logged()
    until(lambda: f"{CADRE} " in proxy.logged() and "/rules/" in proxy.logged())


def test_slow_bodies_hold_up_nobody(behind: Behind) -> None:
    """More of them than the web server has threads."""
    proxy = behind("nginx", DONGKOU_TRUSTED_PROXIES="127.0.0.1")
    stranger = Visitor(proxy.port, STRANGER)
    with contextlib.ExitStack() as lines:
        for _ in range(16):
            lines.enter_context(stranger.begin_to_post(FOLLOW))
        assert "六零" in Visitor(proxy.port, CADRE).get("/rules/")[1]
