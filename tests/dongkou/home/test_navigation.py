"""Links of the navigation are filled in once: what differs between people and moments is not kept from one to the other."""

from collections.abc import Iterator

import pytest
from django.urls import get_script_prefix, set_script_prefix

from dongkou.templatetags.navigation import current, navigation_links
from households.house.navigation import NavigationEntry
from households.inbox import badge
from households.roles import Role
from tests.world import World

INBOX = NavigationEntry(1, "待办", "inbox", ("inbox",), counts=True)
HERE = NavigationEntry(2, "户名册 & 户牌", "address-book", ("households",), current=True)


@pytest.fixture
def elsewhere() -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix("/training/")
    yield
    set_script_prefix(before)


def test_number_stands_behind_the_one_that_counts() -> None:
    for number in ("3", "99+", None, "3"):
        told = navigation_links([INBOX, HERE], number)
        assert f'<span class="inbox-number">{number or ""}</span></a>' in told
        assert told.count("inbox-number") == 1


def test_link_says_where_somebody_is_in_the_row_and_in_the_list() -> None:
    row, listed = navigation_links([INBOX, HERE], ""), navigation_links([INBOX, HERE], "", listed=True)
    assert row.count('aria-current="page"') == 1 and "<li>" not in row
    assert listed.count('aria-current="true"') == 1 and listed.count("<li><a ") == 2
    assert "户名册 &amp; 户牌" in row
    assert current([INBOX, HERE]) == [HERE]


def test_link_leads_to_where_the_page_is() -> None:
    assert 'href="/inbox/"' in navigation_links([INBOX], "")


def test_link_leads_into_the_training_village_from_there(elsewhere: None) -> None:
    assert 'href="/training/inbox/"' in navigation_links([INBOX], "")


@pytest.mark.django_db
def test_everybody_is_told_their_own_number(world: World) -> None:
    for role, number in ((Role.CADRE, 4), (Role.SUPERVISOR, 7)):
        badge.cache.set(badge.key_of(world.user(role)), str(number))
    for role, number in ((Role.CADRE, 4), (Role.SUPERVISOR, 7)):
        text = world.client(role).get("/").content.decode()
        assert text.count(f'<span class="inbox-number">{number}</span>') == 3
