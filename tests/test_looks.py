"""Who looked: every address is asked by every post, and whatever shows private fields of a household has left a line about it.

A new page, file or endpoint is walked from its first day: it is found in the URLconf, and private fields in what it answers.
Addresses that a post is refused are left out: that a refusal shows nothing is held by the walk of tests/test_planted_words.py.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse

from households.audience import signed_in
from households.codes import ancestors
from households.models import AuditEvent, Household, User
from households.register import looking
from households.register.phones import encrypt
from households.roles import Role
from tests import copies
from tests.addresses import View, all_views
from tests.answers import files_on, whole
from tests.samples import laid_out
from tests.world import HOME, VILLAGE, World, found

ONE = f"{VILLAGE}010001"
OF_STAFF = [view for view in all_views() if view.audience and not view.audience.public]


def name(number: int) -> str:
    """Of nobody else in the world."""
    return f"户主乙{number:02}"


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    """Every household of 东山村 has a name, an address and a telephone number that stand nowhere else."""
    samples = copies.scene("policies", laid_out)
    for number, household in enumerate(Household.objects.filter(code__startswith=VILLAGE).order_by("code")):
        fields = {
            "head_name": name(number),
            "address": f"桂花巷{number:02}号",
            "phone": encrypt(f"139000011{number:02}"),
        }
        Household.objects.filter(pk=household.pk).update(**fields)
    return samples


def private_fields() -> dict[str, str]:
    """{what stands in a row: whose it is}"""
    homes = list(Household.objects.filter(code__startswith=VILLAGE).order_by("code"))
    told = {home.head_name: home.code for home in homes} | {home.address: home.code for home in homes}
    return told | {f"139000011{number:02}": home.code for number, home in enumerate(homes)}


def asked(client: Client, view: View, samples: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The page and the files that it leads to: (name, what it says)."""
    address = view.url(samples)
    text = whole(client.get(address))
    yield view.name, text
    for file in files_on(text, address):
        yield f"{view.name} -> {file}", whole(client.get(file))


def unnoted(user: User, text: str, since: int, fields: dict[str, str]) -> list[str]:
    """Households of which the answer shows something private without a line about it; the lines are let go again."""
    lines = list(AuditEvent.objects.filter(pk__gt=since, actor=user.username, action__in=list(looking.WORDS)))
    for line in lines:
        cache.delete(f"looked:{user.pk}:{line.action}:{line.place}")
    places = {line.place for line in lines}
    shown = {code for word, code in fields.items() if word in text}
    return sorted(code for code in shown if not places & {code, *ancestors(code)})


def newest() -> int:
    return AuditEvent.objects.latest("pk").pk


def forgotten(world: World, role: str, samples: dict[str, str]) -> tuple[list[tuple[str, list[str]]], int]:
    """Addresses that leave no line, and how many showed something."""
    user, client, fields = world.user(role), world.client(role), private_fields()
    wrong, shown = [], 0
    for view in [view for view in OF_STAFF if view.open_to(role)]:
        since = newest()
        for where, text in asked(client, view, samples):
            shown += any(word in text for word in fields)
            if lacking := unnoted(user, text, since, fields):
                wrong.append((where, lacking))
            since = newest()
    return wrong, shown


@pytest.mark.parametrize("role", HOME)
def test_everything_private_that_is_shown_leaves_a_line(samples: dict[str, str], role: str) -> None:
    wrong, shown = forgotten(found(), role, samples)
    assert wrong == []
    assert shown >= (10 if role in (Role.CADRE, Role.GROUP_LEADER) else 0)


def test_walk_notices_a_page_that_forgets(samples: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    @signed_in
    def forgetful(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(Household.objects.get(pk=ONE).head_name)

    resolver = get_resolver()
    monkeypatch.setattr(resolver, "url_patterns", [*resolver.url_patterns, path("forgetful/", forgetful)])
    world, since = found(), newest()
    text = whole(world.client(Role.CADRE).get("/forgetful/"))
    assert unnoted(world.user(Role.CADRE), text, since, private_fields()) == [ONE]


def test_one_household_is_told_of_the_post_that_read_its_file(samples: dict[str, str]) -> None:
    world = found()
    world.client(Role.TOWNSHIP).get(reverse("household-file", args=[ONE]))
    [look] = [look for look in looking.looks_at(ONE, most=5) if look.what == looking.WORDS[looking.SEEN]]
    assert (look.post, look.times) == ("乡镇工作人员", 1)


def test_what_a_view_wrote_down_itself_is_not_written_twice(samples: dict[str, str]) -> None:
    world, since = found(), newest()
    world.client(Role.CADRE).get(reverse("households"))
    lines = AuditEvent.objects.filter(pk__gt=since, action__in=list(looking.WORDS))
    assert [line.action for line in lines] == [looking.LISTED]
