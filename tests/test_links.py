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
PAGES = [view for view in all_views() if not view.is_api]


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


def links(client: Client, samples: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each page that opens, and each address within the site that it leads to."""
    for view in PAGES:
        page = view.url(samples)
        answer = client.get(page)
        if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
            for link in dict.fromkeys(LINK.findall(answer.content.decode())):
                target = urlsplit(urljoin(page, html.unescape(link)))
                if not target.netloc and not target.scheme and not target.path.startswith("/static/"):
                    yield view.name, target.path + (f"?{target.query}" if target.query else "")


def dead(client: Client, samples: dict[str, str]) -> list[tuple[str, str, int]]:
    """Links that lead nowhere; of those that lead to the same kind of page with the same parts one is followed."""
    met, wrong = set(), []
    for page, target in links(client, samples):
        kind = _kind(target)
        if kind not in met:
            met.add(kind)
            answer = client.get(target)
            if answer.status_code >= 400:
                wrong.append((page, target, answer.status_code))
    assert len(met) > 3
    return wrong


def _kind(target: str) -> tuple[object, ...]:
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
