"""Who may keep a copy of an answer, what cookies are called, and addresses with signs that no database holds.

Closed unless opened, as with audiences: a new view is walked from its first day, and its answers are kept by nobody unless
it says that they are the same for everybody.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from households.roles import Role
from households.sessions import ShortSession, cookie_name
from tests import copies
from tests.addresses import View, all_views, opens
from tests.plates import own_plate
from tests.samples import laid_out
from tests.world import World, found

VIEWS = all_views()
PUBLISHED = {
    *("home", "rules", "rules-version", "rankings", "ranking-snapshot", "ledger", "ledger-check", "ledger-day"),
    *("villager-guide", "public-awards", "public-projects", "public-project", "picture", "petitions-public"),
    "public-restatements",
}
BROKEN = {
    "NUL": "%00",
    "half a sign": "%E6%9D",
    "surrogate": "%ED%A0%80",
    "long": "9" * 120,
    "up": "..%2F..%2Fetc%2Fpasswd",
}


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


@pytest.fixture
def world(samples: dict[str, str]) -> World:
    return found()


def is_kept(answer: HttpResponse) -> bool:
    return "no-store" not in answer.get("Cache-Control", "")


def test_what_is_published_is_a_list() -> None:
    assert {view.name for view in VIEWS if view.audience and view.audience.published} == PUBLISHED


def test_answers_to_people_are_never_kept(world: World, samples: dict[str, str]) -> None:
    """Whatever it is: page, refusal, file, data, form; a published picture alone looks at nobody."""
    clients = {user: world.client(user) for user in world.people.values()}
    kept = []
    for view in VIEWS:
        for inside in (True, False):  # one who may, one who may not
            client = next((client for user, client in clients.items() if opens(user.role, view) is inside), None)
            asked = (client.get, client.post) if client else ()
            kept += [view.name for ask in asked if is_kept(ask(view.url(samples)))]
    assert set(kept) <= {"picture"}


def test_answers_to_households_are_never_kept(world: World, samples: dict[str, str]) -> None:
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    page = client.get(reverse("plate", args=[plate.token]))
    assert "张*家" in page.content.decode()
    kept = [view.name for view in VIEWS if is_kept(client.get(view.url(samples | {"token": plate.token})))]
    assert set(kept) <= {"picture"}


def test_published_answers_alone_are_kept_for_nobody(world: World, samples: dict[str, str]) -> None:
    kept = {view.name for view in VIEWS if is_kept(Client().get(view.url(samples)))}
    assert kept <= PUBLISHED and {"home", "rules", "ledger", "petitions-public"} <= kept


def test_answer_about_nothing_is_not_kept(db: None) -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404 and not is_kept(answer)


def test_every_answer_belongs_to_our_own_pages(db: None) -> None:
    for address in ("/", "/nowhere/", reverse("sign-in"), reverse("api-me"), "/static/js/page.js"):
        answer = Client().get(address)
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        answer.close()  # a static file is open until then


def test_leaving_clears_the_cache_and_never_what_was_not_sent(world: World) -> None:
    """What waits to be sent lies in the storage: a header that clears it would lose hand-overs and records."""
    plate, _pin = own_plate(world.household)
    ways = [(world.client(Role.CADRE), reverse("sign-out")), (Client(), reverse("plate-leave", args=[plate.token]))]
    said = [client.post(address)["Clear-Site-Data"] for client, address in ways]
    assert said == ['"cache"', '"cache"']
    assert "Clear-Site-Data" not in world.client(Role.CADRE).get("/")


def test_cookies_keep_to_this_host_where_https_is_on(settings: object) -> None:
    short = ShortSession("short", cookie="dongkou_short"), ShortSession("deep", cookie="dongkou_deep", path="/deep/")
    assert [kind.name for kind in short] == ["dongkou_short", "dongkou_deep"]
    settings.SESSION_COOKIE_SECURE = True
    assert [kind.name for kind in short] == ["__Host-dongkou_short", "__Secure-dongkou_deep"]
    assert cookie_name("dongkou_known", "/h/") == "__Secure-dongkou_known"


def test_household_is_known_by_the_cookie_of_https(world: World, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    plate, pin = own_plate(world.household)
    address, client = reverse("plate", args=[plate.token]), Client()
    client.post(address, {"pin": pin}, secure=True)
    assert "张*家" in client.get(address, secure=True).content.decode()
    given = [cookie for cookie in client.cookies.values() if cookie.value]
    assert {cookie.key for cookie in given} >= {"__Host-dongkou_household", "__Secure-dongkou_known"}
    wrong = [cookie.key for cookie in given if not cookie["secure"] or cookie["domain"]]
    assert wrong == [] and client.cookies["__Host-dongkou_household"]["path"] == "/"


@pytest.mark.parametrize("odd", BROKEN.values(), ids=BROKEN)
def test_broken_sign_in_any_part_of_any_address_never_breaks(world: World, samples: dict[str, str], odd: str) -> None:
    """Each part of each address in turn, read and written by somebody who may."""
    clients = {user: world.client(user) for user in world.people.values()}
    broken = []
    for view in VIEWS:
        may = (client for user, client in clients.items() if opens(user.role, view))
        client = next(may, Client())
        client.raise_request_exception = False
        for address in with_odd(view, samples, odd):
            statuses = [client.get(address).status_code, client.post(address).status_code]
            broken += [(view.name, address)] if max(statuses) >= 500 else []
    assert broken == []


def with_odd(view: View, samples: dict[str, str], odd: str) -> Iterator[str]:
    """The view's address with something odd in place of each part in turn; a part that takes numbers alone is passed over."""
    for part in view.parts:
        with suppress(NoReverseMatch):
            yield view.url(samples | {part: "ODD"}).replace("ODD", odd)


@pytest.mark.parametrize("name", ["dongkou_session", "dongkou_household", "dongkou_petition", "dongkou_csrf"])
def test_broken_cookie_never_breaks(db: None, name: str) -> None:
    for value in (r'"abcdefgh\000ijkl"', "\xe6\x9d", "x" * 4000, '"'):
        client = Client(HTTP_COOKIE=f"{name}={value}", raise_request_exception=False)
        said = client.get("/").content.decode() + client.get(reverse("petition-follow")).content.decode()
        assert "工作人员登录" in said and "查询码" in said, value
