"""No page joins petitions to scores: all pages of both sides are read, and neither shows or leads to the other.

Only navigation stands beside both: the frame around every page, and the household's own `_household_nav.html`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from households.permissions import ROLES
from households.roles import Role
from petitions import urls as petition_urls
from petitions.models import Petition
from rewards import urls as reward_urls
from scoring import urls as scoring_urls
from tests import copies
from tests.addresses import View, views_of
from tests.petitions.desk import Desk
from tests.petitions.filers import papered
from tests.petitions.scored import scored
from tests.plates import own_plate
from tests.samples import OF_NO_PLACE, OF_THE_VILLAGE
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db

OURS = list(views_of(petition_urls.urlpatterns))
THEIRS = list(views_of([*scoring_urls.urlpatterns, *reward_urls.urlpatterns]))
ROOM = {**{view.name: "petitions" for view in OURS}, **{view.name: "scores" for view in THEIRS}}
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
NAVIGATION = re.compile(r"<(nav|footer|header)\b.*?</\1>", re.DOTALL)
HREF = re.compile(r"""(?:href|action|src|hx-\w+)="(/[^"#?]*)""")
FIGURES = re.compile(r"得分|积分|扣分|名次|排名|六零户|绩效")
# Said on purpose, to take away fear: no figure, no link.
COMFORT = re.compile(r"[^。<>]*(?:不扣分|没有任何关系|不影响)[^。<>]*")
TITLE, TEXT = "渠口塌了没人管", "渠口塌了三个月，稻田都干了。"


@pytest.fixture
def county(world: World) -> World:
    scored(world)
    desk = Desk(world)
    copies.scene("a scored county with petitions", lambda: petitioned(desk))
    return world


def petitioned(desk: Desk) -> None:
    given: dict[str, Any] = {"title": TITLE, "text": TEXT, "household": desk.world.household}
    papered(desk.answered(by=desk.world.user(Role.CADRE), way="cadre", **given))


def samples(world: World) -> dict[str, str]:
    petition, (plate, pin) = Petition.objects.get(), own_plate(world.household)
    return OF_NO_PLACE | OF_THE_VILLAGE | {"number": petition.number, "token": plate.token, "pin": pin}


def pages(world: World, views: list[View]) -> Iterator[tuple[str, str, str]]:
    """Name of the view, who looks, and what stands in the middle of the page: of everybody who may open it."""
    known = samples(world)
    household = Client()
    household.post(f"/h/{known['token']}/", {"pin": known["pin"]})
    clients = {
        role: world.client(role) for role in (Role.PETITION_OFFICE, Role.DEPARTMENT, Role.CADRE, Role.COUNTY_OFFICE)
    }
    for view in views:
        if set(view.parts) <= set(known):
            for who, client in [("household", household)] if view.audience.public else clients.items():
                if view.audience.permission is None or view.audience.permission in ROLES[who]:
                    answer = client.get(view.url(known))
                    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                        yield view.name, who, middle(answer.content.decode())


def middle(html: str) -> str:
    """What the page itself says: without the frame, its navigation and its tokens."""
    found = MAIN.search(html)
    return NAVIGATION.sub("", found[0] if found else html)


def rooms_led_to(text: str) -> set[str]:
    found = set()
    for address in HREF.findall(text):
        try:
            found.add(ROOM.get(resolve(address).url_name or "", ""))
        except Resolver404:
            continue
    return found


def test_no_page_of_petitions_shows_or_leads_to_scores(county: World) -> None:
    read, wrong, shown = 0, [], set()
    for name, who, text in pages(county, OURS):
        read += 1
        shown |= {name} if TITLE in text else set()
        said = COMFORT.sub("", re.sub(r"<[^>]*>", " ", text))
        if "scores" in rooms_led_to(text) or FIGURES.search(said):
            wrong.append((name, who, rooms_led_to(text), FIGURES.findall(said)))
    assert wrong == []
    assert read > 20 and {"petitions", "petition"} <= shown


def test_no_page_of_scores_shows_or_leads_to_petitions(county: World) -> None:
    number, read, wrong = Petition.objects.get().number, 0, []
    for name, who, text in pages(county, THEIRS):
        read += 1
        if "petitions" in rooms_led_to(text) or number in text or TITLE in text or "渠口" in text:
            wrong.append((name, who))
    assert wrong == []
    assert read > 20


def test_household_finds_both_sides_side_by_side(county: World) -> None:
    known, client = samples(county), Client()
    client.post(f"/h/{known['token']}/", {"pin": known["pin"]})
    for address in (f"/h/{known['token']}/", f"/h/{known['token']}/petitions/"):
        html = client.get(address).content.decode()
        nav = re.search(r'<nav class="household-nav".*?</nav>', html, re.DOTALL)
        assert nav and rooms_led_to(nav[0]) == {"petitions", "scores"}
        assert rooms_led_to(middle(html)) <= {"scores", ""} or rooms_led_to(middle(html)) <= {"petitions", ""}


@pytest.mark.parametrize(
    ("planted", "noticed"),
    [
        (f'<main><a href="/why/2024-05/{VILLAGE}/">为什么</a></main>', True),
        ("<main>本户得分 95</main>", True),
        ("<main><strong>反映问题不扣分。</strong></main>", False),
        ('<main><nav><a href="/rules/">积分细则</a></nav></main>', False),
    ],
)
def test_planted_link_or_figure_is_noticed(planted: str, noticed: bool) -> None:
    text = middle(planted)
    said = COMFORT.sub("", re.sub(r"<[^>]*>", " ", text))
    assert bool("scores" in rooms_led_to(text) or FIGURES.search(said)) is noticed


def test_every_room_is_in_the_walk() -> None:
    assert len(OURS) > 40 and len(THEIRS) > 60
    assert not {view.name for view in OURS} & {view.name for view in THEIRS}
    assert get_resolver().url_patterns
