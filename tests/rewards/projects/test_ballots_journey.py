"""Paper for those without a phone, in Chromium: handed out, keyed by one, read again by another, counted with the phones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from rewards.models import Ballot, Project
from rewards.projects.actions.ballots import choose
from tests.browsing import enter, faults
from tests.rewards.projects.village_works import end_now, fresh
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_form(page: object, name: str) -> str:
    """The form of that act, its details open; a selector for what is inside."""
    form = f"form[action$='/{name}/']"
    if not page.is_visible(f"{form} button"):
        page.click(f"details:has({form}) > summary")
    return form


def send(page: object, form: str) -> None:
    with page.expect_navigation():
        page.click(f"{form} button")


def slip(page: object, name: str, number: int, title: str) -> None:
    """Key or read a slip."""
    form = open_form(page, name)
    page.fill(f"{form} [name=number]", str(number))
    page.check(f"{form} label:has-text('{title}') input")
    send(page, form)


def test_paper_is_counted_with_the_phones(
    world: World, needs: list[Project], ballot: Ballot, browser_page: Callable, artefacts: Path
) -> None:
    choose(ballot=ballot, household=world.households[5], picks=[needs[0].pk])
    cadre, supervisor = browser_page(360), browser_page(1280)
    enter(cadre, world, Role.CADRE)
    enter(supervisor, world, Role.SUPERVISOR)
    address = reverse("ballot", args=[ballot.pk])
    cadre.goto(address)
    for household in world.households[:2]:
        form = open_form(cadre, "paper")
        cadre.fill(f"{form} [name=household]", household.code[-6:])
        send(cadre, form)
    for number in (1, 2):
        slip(cadre, "slip", number, "二组水渠")
    cadre.screenshot(path=artefacts / "ballots-paper-360.jpg", full_page=True)
    found = faults(cadre)
    supervisor.goto(address)
    for number in (1, 2):
        slip(supervisor, "check", number, "二组水渠")
    supervisor.screenshot(path=artefacts / "ballots-check-1280.jpg", full_page=True)
    found += faults(supervisor)
    end_now(ballot)
    cadre.goto(address)
    cadre.once("dialog", lambda dialog: dialog.accept())
    send(cadre, "form[action$='/settle/']")
    assert "2 票" in cadre.inner_text(".result .won")
    assert fresh(needs[1]).state == "chosen"
    assert found == []


def test_slips_are_printed_without_names(world: World, ballot: Ballot, browser_page: Callable, artefacts: Path) -> None:
    page = browser_page(1280)
    enter(page, world, Role.CADRE)
    page.goto(reverse("ballot-print", args=[ballot.pk]))
    page.fill("#slips", "6")
    page.click("text=重新排版")
    page.wait_for_selector(".slip:nth-child(6)")
    page.emulate_media(media="print")
    page.screenshot(path=artefacts / "ballots-slips-print.jpg", full_page=True)
    assert not page.is_visible("text=重新排版")
    assert not page.is_visible(".top-bar")
    assert page.locator(".slip").count() == 6
