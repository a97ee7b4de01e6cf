"""A word of its own is typed into every field for words of every form; then everybody looks everywhere for words not for them.

Who may read what somebody wrote is decided form by form; what is open to everybody stands in PUBLIC, each with its reason. A
new form whose words turn up elsewhere fails here until somebody has decided.
"""

from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from households.plates.sessions import HOUSEHOLD
from households.roles import Role
from petitions.models import Petition
from tests import copies
from tests.addresses import View, all_views
from tests.answers import whole
from tests.petitions.filers import Filer
from tests.samples import laid_out
from tests.typed_forms import forms_of_staff, forms_on
from tests.world import found

Planted = dict[str, tuple[str, str]]  # word: page and field
# What is written for everybody: page and field.
PUBLIC: dict[str, set[str]] = {}


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


@pytest.fixture
def planted(samples: dict[str, str]) -> Planted:
    """Every form of the staff, sent; what a form refuses was typed all the same."""
    words: Planted = {}
    for name, _user, client, sent in forms_of_staff(found(), samples):
        words |= {word: (name, field) for word, field in sent.words.items()}
        client.post(sent.action, _plausible(sent.data), HTTP_REFERER=f"http://testserver{sent.page}")
    return words


def _plausible(data: dict[str, object]) -> dict[str, object]:
    """Without the file that is none, so that the rest of the form has a chance."""
    return {name: value for name, value in data.items() if isinstance(value, str)}


def pages(samples: dict[str, str], wanted: Iterable[View]) -> Iterator[tuple[str, str]]:
    for view in wanted:
        if set(view.parts) <= samples.keys():
            yield view.name, view.url(samples)


def leaks(client: Client, samples: dict[str, str], words: Planted, views: Iterable[View]) -> set[tuple[str, str, str]]:
    """(where it was found, where it was typed, in which field)."""
    found_at = set()
    for name, address in pages(samples, views):
        told = whole(client.get(address))
        if "留" in told:
            found_at |= {(name, *words[word]) for word in words if word in told and not _is_public(*words[word])}
    return found_at


def _is_public(page: str, field: str) -> bool:
    return field in PUBLIC.get(page, set())


def test_nobody_signed_out_finds_a_word(planted: Planted, samples: dict[str, str]) -> None:
    assert leaks(Client(), samples, planted, all_views()) == set()


def test_nobody_with_the_same_job_elsewhere_finds_a_word(planted: Planted, samples: dict[str, str]) -> None:
    world = found()
    views = [view for view in all_views() if view.audience and not view.audience.public]
    wrong = set()
    for user in world.strangers.values():
        wrong |= {(user.username, *leak) for leak in leaks(world.client(user), samples, planted, views)}
    assert wrong == set()


def test_next_person_on_the_device_finds_no_word(samples: dict[str, str]) -> None:
    """The clerk types into the longest form, signs out; the next one signs in on the same computer."""
    world = found()
    client = world.client(Role.CADRE)
    [sent] = [sent for sent in forms_on(client, reverse("petition-file")) if sent.words]
    client.post(sent.action, sent.data, HTTP_REFERER=f"http://testserver{sent.page}")
    client.post(reverse("sign-out"))
    words = {word: ("petition-file", field) for word, field in sent.words.items()}
    assert leaks(client, samples, words, all_views()) == set()
    client.force_login(world.stranger(Role.CADRE))
    assert leaks(client, samples, words, all_views()) == set()


def test_words_of_a_household_stay_behind_its_plate(samples: dict[str, str]) -> None:
    world = found()
    household = Filer(world.household)
    words: Planted = {}
    [sent] = [sent for sent in forms_on(household.client, household.url("new")) if sent.words]
    household.client.post(sent.action, _plausible(sent.data) | {"place": samples["village"], "content": "appeal"})
    words |= {word: ("household-petition-new", field) for word, field in sent.words.items()}
    number = Petition.objects.latest("pk").number
    for more in list(forms_on(household.client, household.url("page", number), first=len(words))):
        words |= {word: ("household-petition", field) for word, field in more.words.items()}
        household.client.post(more.action, _plausible(more.data))
    assert any(word in whole(household.client.get(household.url("page", number))) for word in words)
    own = samples | {"token": household.token, "number": number}
    others = {"signed out": Client(), "neighbour": Filer(world.households[1]).client, "left": _left(household)}
    colleagues = {role: world.client(role) for role in (Role.GROUP_LEADER, Role.CADRE, Role.SUPERVISOR, Role.AUDITOR)}
    for who, client in (others | colleagues).items():
        assert (who, leaks(client, own, words, all_views())) == (who, set())


def _left(filer: Filer) -> Client:
    """The household's phone after 退出, with whatever it still holds."""
    filer.client.post(reverse("plate-leave", args=[filer.token]))
    assert HOUSEHOLD.cookie not in {name for name, cookie in filer.client.cookies.items() if cookie.value}
    return filer.client
