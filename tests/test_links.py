"""Every link of every page leads somewhere for whoever is shown it: pages found in the URLconf, links in the pages."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from households.roles import Role
from tests import copies
from tests.addresses import all_views
from tests.petitions.filers import Filer
from tests.samples import laid_out
from tests.world import found

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
Kind = tuple[object, ...]
PAGES = [view for view in all_views() if not view.is_api]


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


def links(client: Client, samples: dict[str, str], opened: set[Kind]) -> Iterator[tuple[str, str]]:
    """Each page that opens (noted as opened), and each address within the site that it leads to."""
    for view in PAGES:
        page = view.url(samples)
        answer = client.get(page)
        if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
            opened.add(_kind(page))
            for link in dict.fromkeys(LINK.findall(answer.content.decode())):
                target = urlsplit(urljoin(page, html.unescape(link)))
                if not target.netloc and not target.scheme and not target.path.startswith("/static/"):
                    yield view.name, target.path + (f"?{target.query}" if target.query else "")


def dead(client: Client, samples: dict[str, str]) -> list[tuple[str, str, int]]:
    """Links that lead nowhere; of those that lead to the same kind of page with the same parts one is followed.

    A page that opened already is not opened again.
    """
    opened: set[Kind] = set()
    found = {_kind(target): (page, target) for page, target in links(client, samples, opened)}
    assert len(found) > 3
    answers = (
        (page, target, client.get(target).status_code) for kind, (page, target) in found.items() if kind not in opened
    )
    return [(page, target, status) for page, target, status in answers if status >= 400]


def _kind(target: str) -> Kind:
    try:
        match = resolve(urlsplit(target).path)
    except Resolver404:
        return (target,)
    query = sorted(part.partition("=")[0] for part in urlsplit(target).query.split("&"))
    return match.view_name, *sorted(match.kwargs.items()), *query


@pytest.mark.parametrize("role", [Role.CADRE, Role.COUNTY_OFFICE])
def test_no_link_of_the_staff_leads_nowhere(samples: dict[str, str], role: Role) -> None:
    assert dead(found().client(role), samples) == []


def test_no_link_for_everybody_leads_nowhere(samples: dict[str, str]) -> None:
    assert dead(Client(), samples) == []


def test_no_link_of_a_household_leads_nowhere(samples: dict[str, str]) -> None:
    filer = Filer(found().household)
    assert dead(filer.client, samples | {"token": filer.token}) == []
