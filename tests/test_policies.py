"""The URL walk: every view, page or API, is called as every wrong audience, and gives nothing away.

Who a view is for it says itself, by its decorator; what stands for the parts of its address is found by their names. So a new
page is walked from its first day, and needs no line here. A view without an audience fails, and so does one whose address
holds a part that `tests.samples` does not know. Closed unless opened: a part names a place unless the samples say that it
does not. Everything is written about 东山村; who has no business there must not see a name from it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse

from dongkou.layout import BASE_DIR
from households.audience import Audience, holders_of, household_in_scope, user_of
from households.middleware import FACTOR_PAGES, page_above
from households.models import AuditEvent, Operation, User
from households.oidc.provider import Provider
from households.permissions import ROLES, Permission
from households.roles import Role
from households.scope import Scope
from scoring.models import ScoreEvent
from tests import copies
from tests.addresses import View, all_views
from tests.samples import OF_NO_PLACE, laid_out
from tests.world import MONTH, VILLAGE, World, found

VIEWS = all_views()
OWN_FACTOR = reverse("own-factor")
CLOSED = [view for view in VIEWS if view.audience and not view.audience.public]


# What views read from a query, all at once; not the form of a file, whose refusal would hide the rest.
QUERIED = re.findall(
    r"\w+",
    "q words page year month within village household group state kind money sort before only unit show by period owner"
    " county day place line event alarms slips tick next from until number act urgent",
)

ODD = ("%00", "9" * 40, "%ED%A0%80%E2%80%AE")


@dataclass
class Scene:
    """The world with something in it that could leak, and addresses that lead there."""

    world: World
    samples: dict[str, str]
    secrets: re.Pattern[str]

    def call(self, client: Client, view: View, method: str) -> tuple[int, str, str]:
        """Status, where it leads, body."""
        ask = client.get if method == "GET" else client.post
        answer = ask(self.url(view), **({"content_type": "application/json"} if view.is_api else {}))
        return answer.status_code, answer.get("Location", ""), answer.getvalue().decode("utf-8", "replace")

    def url(self, view: View) -> str:
        return view.url(self.samples)


@pytest.fixture
def scene(db: None, settings: LazySettings) -> Scene:
    """Everybody must have a second factor here; the browsers of the world's people have shown it.

    There is a provider to sign in through, or its pages would not be there; nobody answers at its address.
    """
    samples = copies.scene("policies", laid_out)
    settings.SECOND_FACTOR_ROLES = frozenset(Role)
    settings.OIDC = Provider("http://127.0.0.1:9", "walk", "s" * 16)
    User.objects.update(is_demo=False)
    world = found()
    names = [household.head_name for household in world.households]
    return Scene(world, samples, re.compile("|".join([*names, "1380000000[0-9]"])))


def written() -> tuple[int, ...]:
    return (
        AuditEvent.objects.exclude(action="access.refused").count(),
        ScoreEvent.objects.count(),
        Operation.objects.count(),
    )


def test_every_view_has_a_name_and_an_audience() -> None:
    assert [view for view in VIEWS if not view.name or not isinstance(view.audience, Audience)] == []


def test_every_part_of_every_address_has_a_sample(scene: Scene) -> None:
    assert [view.name for view in VIEWS if not scene.samples.keys() >= set(view.parts)] == []


def test_the_walk_meets_pages_and_interface() -> None:
    names = {view.name for view in VIEWS}
    assert {"home", "sheet", "review", "rankings", "why", "users", "audit", "plate", "api-me", "api-ops"} <= names
    assert len(CLOSED) >= 12


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_comes_in_without_signing_in(scene: Scene, method: str) -> None:
    before, wrong = written(), []
    for view in CLOSED:
        status, location, body = scene.call(Client(), view, method)
        sent_away = status == 401 if view.is_api else location.startswith(reverse("sign-in"))
        if not sent_away or scene.secrets.search(body):
            wrong.append((view.name, status, location))
    assert wrong == []
    assert written() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_password_alone_opens_nothing_where_more_is_asked_for(scene: Scene, method: str) -> None:
    """Everybody at what their role would open: that the rest is refused is another walk's."""
    before, wrong = written(), []
    for user in scene.world.people.values():
        client = Client()
        client.force_login(user)
        for view in CLOSED:
            if view.name in FACTOR_PAGES or not may(user, view):
                continue
            status, location, body = scene.call(client, view, method)
            sent_away = status == 403 and "second_factor_required" in body if view.is_api else location == OWN_FACTOR
            if not sent_away or scene.secrets.search(body):
                wrong.append((view.name, user.username, status, location))
    assert wrong == []
    assert written() == before


def test_role_without_the_permission_may_send_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it reads nothing either is held by the walk of tests/test_planted_words.py, with the page of the refusal."""
    monkeypatch.setattr("dongkou.errors.render", lambda *_page, status: HttpResponse(status=status))
    before = written()
    assert list(open_to_the_wrong_role(scene, "POST")) == []
    assert written() == before


def open_to_the_wrong_role(scene: Scene, method: str) -> Iterator[tuple[str, str, int]]:
    """One person of each role: what a role may do does not hang on the place."""
    for user in scene.world.people.values():
        client = scene.world.client(user)
        for view in CLOSED:
            if not view.open_to(user.role):
                status, _, body = scene.call(client, view, method)
                if status not in (403, 404) or scene.secrets.search(body):
                    yield view.name, user.username, status


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_stranger_with_the_permission_does_not_find_the_place(scene: Scene, method: str) -> None:
    before = written()
    assert list(found_by_strangers(scene, method, CLOSED)) == []
    assert written() == before


def found_by_strangers(scene: Scene, method: str, views: list[View]) -> Iterator[tuple[str, str, int]]:
    """Pages that name a place and answer somebody who has the same job elsewhere."""
    for user in scene.world.strangers.values():
        client = scene.world.client(user)
        for view in views:
            if names_a_place(view) and may(user, view):
                status, location, _ = scene.call(client, view, method)
                if status not in (404, 405) and location != page_above(scene.url(view)):
                    yield view.name, user.username, status


@pytest.mark.parametrize("name", ["why", "api-why"])
def test_stranger_does_not_find_a_household(scene: Scene, name: str) -> None:
    address = reverse(name, args=[MONTH, scene.world.household.code])
    outsiders = [*scene.world.strangers.values(), scene.world.user(Role.AUDITOR)]
    answers = {user.username: scene.world.client(user).get(address).status_code for user in outsiders}
    assert set(answers.values()) <= {403, 404}, answers
    assert scene.world.client(Role.CADRE).get(address).status_code == 200


def names_a_place(view: View) -> bool:
    """Whether outside one's subtree the address must not be found."""
    return bool(set(view.parts) - OF_NO_PLACE.keys()) and not view.audience.neighbours


def may(user: User, view: View) -> bool:
    return view.open_to(user.role)


def test_no_query_string_leads_a_stranger_in(scene: Scene) -> None:
    wrong = []
    for user in scene.world.strangers.values():
        client = scene.world.client(user)
        for name, query in (
            ("sheet", f"village={VILLAGE}"),
            ("sheet", f"household={scene.world.household.code}"),
            ("why", f"code={scene.world.household.code}"),
        ):
            view = next(view for view in VIEWS if view.name == name)
            answer = client.get(f"{scene.url(view)}?{query}")
            if answer.status_code != 404 or scene.secrets.search(answer.getvalue().decode()):
                wrong.append((name, user.username, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("odd", ODD)
def test_odd_sign_in_a_query_never_breaks_a_page(scene: Scene, odd: str) -> None:
    query = "&".join(f"{name}={odd}" for name in QUERIED)
    asked: dict[View, int] = {}
    roles = [Role.CADRE, Role.COUNTY_OFFICE, Role.PETITION_OFFICE, Role.SYSTEM_ADMIN, Role.AUDITOR]
    at = ODD.index(odd)
    for role in roles[at:] + roles[:at]:  # who may, and for each sign another of them first
        user = scene.world.people[role]
        client = scene.world.client(user)
        client.raise_request_exception = False
        for view in (view for view in VIEWS if may(user, view) and view not in asked):
            asked[view] = client.get(f"{scene.url(view)}?{query}").status_code
    assert [view.name for view, status in asked.items() if status == 500] == []


def test_right_audience_comes_in(scene: Scene) -> None:
    """Otherwise a view that refuses everybody would pass the walk."""
    clients = {user: scene.world.client(user) for user in scene.world.people.values()}
    closed = []
    for view in CLOSED:
        inside = (client for user, client in clients.items() if may(user, view))
        if not any(scene.call(client, view, "GET")[0] in (200, 302, 405) for client in inside):
            closed.append(view.name)
    assert closed == []


@pytest.mark.parametrize("guard", ["households.audience.may", "households.endpoints.may"])
def test_walk_notices_a_missing_permission_check(scene: Scene, guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, lambda *_who, **_where: True)
    assert next(open_to_the_wrong_role(scene, "GET"), None)


def test_walk_notices_a_missing_scope(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for question in ("covers", "meets"):
        monkeypatch.setattr(Scope, question, lambda _self, _code: True)
    assert next(found_by_strangers(scene, "GET", CLOSED), None)


def planted(page: Callable[..., HttpResponse], settings: object) -> list[View]:
    """A new page: nothing but the line of its address."""
    rooms = ModuleType("rooms")
    rooms.urlpatterns = [*get_resolver().url_patterns, path("new/<str:household>/", page, name="new-page")]
    settings.ROOT_URLCONF = rooms
    return [view for view in all_views() if view.name == "new-page"]


def test_walk_notices_a_new_page_that_looks_at_no_scope(scene: Scene, settings: object) -> None:
    page = holders_of(Permission.SEE_HOUSEHOLDS)(lambda _request, household: HttpResponse(household))
    views = planted(page, settings)
    assert {status for _, _, status in found_by_strangers(scene, "GET", views)} == {200}


def test_walk_lets_a_new_page_pass_that_looks_at_it(scene: Scene, settings: object) -> None:
    def page(request: HttpRequest, household: str) -> HttpResponse:
        return HttpResponse(household_in_scope(user_of(request), household).code)

    views = planted(holders_of(Permission.SEE_HOUSEHOLDS)(page), settings)
    assert list(found_by_strangers(scene, "GET", views)) == []
    assert scene.call(scene.world.client(Role.CADRE), views[0], "GET")[2] == scene.world.household.code


def test_new_page_without_an_audience_is_noticed(settings: object) -> None:
    assert [view.audience for view in planted(lambda _request, household: HttpResponse(household), settings)] == [None]


def test_every_permission_of_the_catalogue_is_somebodys() -> None:
    held = frozenset().union(*ROLES.values())
    assert set(Permission) == set(held)


def test_every_permission_guards_something() -> None:
    rooms = ("dongkou", "households", "scoring", "rewards", "petitions")
    code = [path.read_text("utf-8") for room in rooms for path in (BASE_DIR / room).rglob("*.py")]
    asked = {name for text in code for name in re.findall(r"\b(?:Permission|_P)\.([A-Z_]+)", outside_of_roles(text))}
    assert [permission.name for permission in Permission if permission.name not in asked] == []


def outside_of_roles(text: str) -> str:
    """The code without the list of what each role holds: to hold a permission is not to be asked for it."""
    return "" if "class Permission(" in text else text


def test_no_role_both_manages_accounts_and_reads_the_log() -> None:
    both = {Permission.MANAGE_ACCOUNTS, Permission.READ_AUDIT}
    assert [role for role, permissions in ROLES.items() if both <= permissions] == []
    assert not ROLES[Role.SYSTEM_ADMIN] & {Permission.SEE_SHEET, Permission.SEE_HOUSEHOLDS}
