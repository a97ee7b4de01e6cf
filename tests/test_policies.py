"""The URL walk: every view, page or API, is called as every wrong audience, and gives nothing away.

A view without an audience fails here, and so does one whose address holds a part that SAMPLES does not know: a new page is
walked from its first day. Everything is written about 东山村; who has no business there must not see a name from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dongkou.layout import BASE_DIR
from households.audience import Audience
from households.middleware import page_above
from households.models import AuditEvent, Operation, User
from households.permissions import ROLES, Permission
from households.plates.actions.plates import issue_plate
from households.roles import Role
from households.scope import Scope
from rewards.pictures.pictures import keep_signature
from rewards.shop.actions.stocktakes import open_stocktake
from scoring.models import ScoreEvent
from tests import copies
from tests.petitions.desk import Desk
from tests.petitions.filers import papered
from tests.petitions.receptions.scene import Days
from tests.rewards.awards.scene import awarded
from tests.rewards.projects.village_works import asked, listed
from tests.rewards.shop_world import SIGNATURE, build_shop
from tests.scoring.points.test_adjustments import ask as ask_points
from tests.scoring.restatements.adjusting import ask_addition
from tests.world import COUNTY, MONTH, VILLAGE, World, build, found

# What stands for a part of an address; "name part" where one view wants something else.
SAMPLES = {
    "month": MONTH,
    "village": VILLAGE,
    "level": "village",
    "code": VILLAGE,
    "department-why code": "LYJ",
    "version": "1",
    "rules-version version": "2023",
    "household": f"{VILLAGE}010001",
    "batch": "x" * 22,
    "form": "png",
    "county": COUNTY,
    "day": "2024-06-12",
    "department-points code": "LYJ",
    "department-points-ask code": "LYJ",
    "performance-statement code": "LYJ",
    "year": "2024",
    "kind": "comprehensive",
    "paper": "letters",
    "act": "confirm",
    "file": "1",
    "seq": "2",
    "key": "accept-plain",
}
# Parts that name a place: outside one's subtree such an address is not found.
PLACES = {
    "village",
    "code",
    "household",
    "adjustment",
    "asked",
    "award",
    "ballot",
    "project",
    "redemption",
    "item",
    "number",
    "reception",
    "promise",
}
# Views where a place that is not one's own may be looked at, and why.
OPEN_TO_NEIGHBOURS = {
    "department-why": "departments compete with each other, so each sees what the others' results are made of",
}
NOT_OURS = {"static"}
# What views read from a query, all at once; not the form of a file, whose refusal would hide the rest.
QUERIED = re.findall(
    r"\w+",
    "q words page year month within village household group state kind money sort before only unit show by period owner"
    " county day place line event alarms slips tick next from until number act urgent",
)


@dataclass(frozen=True)
class View:
    """One address of the URLconf."""

    name: str
    parts: tuple[str, ...]
    audience: Audience | None

    def url(self, samples: dict[str, str]) -> str:
        given = {part: samples.get(f"{self.name} {part}") or samples[part] for part in self.parts}
        return reverse(self.name, kwargs=given)

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")


def walk(resolver: URLResolver) -> Iterator[View]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry)
        else:
            yield view_of(entry)


def view_of(pattern: URLPattern) -> View:
    callback = pattern.callback
    audience = getattr(callback, "audience", None) or getattr(getattr(callback, "cls", None), "audience", None)
    return View(pattern.name or "", tuple(pattern.pattern.converters), audience)


VIEWS = [view for view in walk(get_resolver()) if view.name not in NOT_OURS]
CLOSED = [view for view in VIEWS if view.audience and not view.audience.public]


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
def scene(db: None) -> Scene:
    samples = copies.scene("policies", laid_out)
    world = found()
    names = [household.head_name for household in world.households]
    return Scene(world, samples, re.compile("|".join([*names, "1380000000[0-9]"])))


def laid_out() -> dict[str, str]:
    """Something of everything in the small world; what stands for each part of an address."""
    world = build()
    plate, _pin = issue_plate(household=world.household, by=None)
    world.record(world.household.code, "WJ02")
    world.frozen_month()
    shop = build_shop(world)
    [project] = listed(world)
    adjustment = ask_addition(world, world.household.code)
    funds = awarded(world)
    petition = papered(Desk(world).assigned())
    days = Days(Desk(world))
    held = days.plan()
    days.put(held, petition)
    return (
        SAMPLES
        | funds
        | {
            "adjustment": str(adjustment.pk),
            "asked": str(ask_points(world).pk),
            "digest": keep_signature(SIGNATURE, private_to=VILLAGE, by=None).digest,
            "item": str(shop.soap.pk),
            "redemption": str(shop.reserve().pk),
            "stocktake": str(open_stocktake(shop=shop.shop, by=shop.cadre).pk),
            "number": petition.number,
            "reception": str(held.pk),
            "promise": str(days.promise(petition).pk),
            "file": str(petition.attachments.get().pk),
            "project": str(project.pk),
            "ballot": str(asked(world, [project]).pk),
            "token": plate.token,
            "user_id": str(world.user(Role.CADRE).pk),
        }
    )


def written() -> tuple[int, ...]:
    return AuditEvent.objects.count(), ScoreEvent.objects.count(), Operation.objects.count()


def test_every_view_has_a_name_and_an_audience() -> None:
    assert [view for view in VIEWS if not view.name or not isinstance(view.audience, Audience)] == []


def test_every_part_of_every_address_has_a_sample() -> None:
    known = {
        *SAMPLES,
        "adjustment",
        "asked",
        "ballot",
        "project",
        "award",
        "fund",
        "review",
        "run",
        "digest",
        "item",
        "number",
        "reception",
        "promise",
        "redemption",
        "stocktake",
        "token",
        "user_id",
    }
    assert [view.name for view in VIEWS if not set(view.parts) <= known] == []


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
def test_role_without_the_permission_is_refused(scene: Scene, method: str) -> None:
    before = written()
    assert list(open_to_the_wrong_role(scene, method)) == []
    assert written() == before


def open_to_the_wrong_role(scene: Scene, method: str) -> Iterator[tuple[str, str, int]]:
    """One person of each role: what a role may do does not hang on the place."""
    for user in scene.world.people.values():
        client = scene.world.client(user)
        for view in CLOSED:
            if view.audience.permission and view.audience.permission not in ROLES[user.role]:
                status, _, body = scene.call(client, view, method)
                if status not in (403, 404) or scene.secrets.search(body):
                    yield view.name, user.username, status


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_stranger_with_the_permission_does_not_find_the_place(scene: Scene, method: str) -> None:
    before, wrong = written(), []
    for user in scene.world.strangers.values():
        client = scene.world.client(user)
        for view in CLOSED:
            placed = PLACES & set(view.parts) and view.name not in OPEN_TO_NEIGHBOURS
            if placed and may(user, view):
                status, location, _ = scene.call(client, view, method)
                if status not in (404, 405) and location != page_above(scene.url(view)):
                    wrong.append((view.name, user.username, status))
    assert wrong == []
    assert written() == before


@pytest.mark.parametrize("name", ["why", "api-why"])
def test_stranger_does_not_find_a_household(scene: Scene, name: str) -> None:
    address = reverse(name, args=[MONTH, scene.world.household.code])
    outsiders = [*scene.world.strangers.values(), scene.world.user(Role.AUDITOR)]
    answers = {user.username: scene.world.client(user).get(address).status_code for user in outsiders}
    assert set(answers.values()) <= {403, 404}, answers
    assert scene.world.client(Role.CADRE).get(address).status_code == 200


def may(user: User, view: View) -> bool:
    return view.audience.permission is None or view.audience.permission in ROLES[user.role]


def test_no_page_tells_a_stranger_a_name(scene: Scene) -> None:
    leaks = []
    outsiders = [*scene.world.strangers.values(), scene.world.user(Role.SYSTEM_ADMIN), scene.world.user(Role.AUDITOR)]
    for client, who in [(Client(), "nobody"), *((scene.world.client(user), user.username) for user in outsiders)]:
        for view in VIEWS:
            status, _, body = scene.call(client, view, "GET")
            if status >= 500 or scene.secrets.search(body):
                leaks.append((view.name, who, status))
    assert [leak for leak in leaks if leak[0] != "healthz"] == []


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


@pytest.mark.parametrize("odd", ["%00", "9" * 40, "%ED%A0%80%E2%80%AE"])
def test_odd_sign_in_a_query_never_breaks_a_page(scene: Scene, odd: str) -> None:
    query = "&".join(f"{name}={odd}" for name in QUERIED)
    broken = []
    for role in (Role.CADRE, Role.COUNTY_OFFICE, Role.PETITION_OFFICE, Role.SYSTEM_ADMIN, Role.AUDITOR):
        user = scene.world.people[role]
        client = scene.world.client(user)
        client.raise_request_exception = False
        asked_for = (view for view in VIEWS if may(user, view))
        broken += [view.name for view in asked_for if client.get(f"{scene.url(view)}?{query}").status_code == 500]
    assert broken == []


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
    with pytest.raises(AssertionError):
        test_stranger_with_the_permission_does_not_find_the_place(scene, "GET")


def test_every_permission_of_the_catalogue_is_somebodys() -> None:
    held = frozenset().union(*ROLES.values())
    assert set(Permission) == set(held)


def test_every_permission_guards_something() -> None:
    rooms = ("households", "scoring", "rewards", "petitions")
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
