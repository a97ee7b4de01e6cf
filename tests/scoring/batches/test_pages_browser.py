"""The pages of findings, batches, papers, reminders and places' own entries at both widths; a list pasted and written in Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from scoring.models import Clause, ScoreEvent
from tests.browsing import enter, faults, says
from tests.scoring.batches.many import DEED, HOMES, recorded
from tests.scoring.findings.found import found
from tests.scoring.papers.papered import keyed, line, printed
from tests.world import DAY, MONTH, TOWNSHIP, World, build

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def laid_out(world: World) -> dict[str, tuple[str, str]]:
    """Name of the picture: who looks, and where."""
    pending = found(world)["id"]
    reminder = world.record(HOMES[2], "WR01")
    batch = recorded(world, *HOMES[:2])["batch"]
    blank, read = printed(world), printed(world)
    keyed(world, read, line(3), line(4, note="清沟"))
    keyed(world, read, line(3), line(4, note="清渠"), by=world.user(Role.CADRE))
    own = ScoreEvent.objects.get(code=HOMES[0], clause__code=DEED)
    world.declare(world.sister)
    late = found(world, f"{world.sister.code}010001")["id"]
    return {
        "findings": (Role.DEPARTMENT, reverse("findings")),
        "finding": (Role.DEPARTMENT, reverse("finding", args=[pending])),
        "finding-late": (Role.TOWNSHIP, reverse("finding", args=[late])),
        "finding-new": (Role.DEPARTMENT, f"{reverse('finding-new')}?month={MONTH}&code={HOMES[3]}"),
        "review-contradiction": (Role.TOWNSHIP, reverse("review-sheet", args=[MONTH, world.sister.code])),
        "batches": (Role.CADRE, reverse("batches", args=[MONTH])),
        "batch": (Role.CADRE, reverse("batch", args=[MONTH, batch])),
        "batch-many": (Role.CADRE, reverse("record-one-clause", args=[MONTH])),
        "batch-paste": (Role.CADRE, reverse("paste-rows", args=[MONTH])),
        "papers": (Role.CADRE, reverse("papers", args=[MONTH])),
        "paper-first": (Role.CADRE, reverse("paper", args=[blank.pk])),
        "paper-settle": (Role.CADRE, reverse("paper", args=[read.pk])),
        "reminders": (Role.CADRE, reverse("reminders", args=[MONTH])),
        "correct-event": (Role.CADRE, reverse("correct-event", args=[own.pk])),
        "reminded": (Role.CADRE, reverse("event", args=[reminder.pk])),
        "place-entries": (Role.TOWNSHIP, reverse("place-entries", args=[MONTH, TOWNSHIP])),
    }


def test_new_pages_keep_to_the_rules_at_both_widths(world: World, browser_page: Callable, artefacts: Path) -> None:
    pages, wrong = laid_out(world), {}
    page = browser_page(360)
    for name, (role, address) in pages.items():
        enter(page, world, role)
        page.goto(address)
        for width, height in ((360, 780), (1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=artefacts / f"{name}-{width}.jpg", full_page=True)
            if said := faults(page):
                wrong[name, width] = said
    assert wrong == {}


def test_list_is_pasted_looked_at_and_written(world: World, browser_page: Callable, artefacts: Path) -> None:
    page = browser_page(360)
    enter(page, world, Role.CADRE)
    page.goto(reverse("record-one-clause", args=[MONTH]))
    page.get_by_role("combobox", name="条款").fill(Clause.objects.filter(code=DEED).first().text)
    page.get_by_role("option").first.click()
    page.fill("[name=date]", str(DAY))
    page.fill("[name=listed]", "张三丰\n李四光\n无此人")
    page.click("button:has-text('先看会怎样')")
    says(page, "会登记 2 条")
    page.screenshot(path=artefacts / "batch-many-shown-360.jpg", full_page=True)
    assert faults(page) == []
    page.click("button:has-text('登记 2 条')")
    says(page, "已登记 2 条")
    assert sorted(ScoreEvent.objects.values_list("code", flat=True)) == HOMES[:2]
