"""The draw: nobody steers it, everybody works it out again."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from scoring.models import DailyRoot, Declaration
from scoring.reviews.actions.reviewing import return_sheet
from scoring.reviews.draws import draw_of
from scoring.reviews.rules import DRAWN, NO_ROOT, drawn, seed_text
from scoring.sheets.actions.signing import reopen
from scoring.states import SheetAction
from tests.days import today
from tests.world import COUNTY, MONTH, VILLAGE, World

AT = datetime(2026, 11, 2, 1, 15, 42, 123456, tzinfo=UTC)
codes = st.sets(st.from_regex(r"\A4307262012010[1-9][0-9]{4}\Z"), max_size=30)


def test_seed_is_written_as_the_page_says() -> None:
    told = f"{NO_ROOT}|2026-10|{VILLAGE}|7|2026-11-02T01:15:42.123456Z"
    assert seed_text(NO_ROOT, "2026-10", VILLAGE, 7, AT) == told


@given(st.text(max_size=20), codes)
def test_draw_depends_on_the_seed_and_the_households_alone(seed: str, households: set[str]) -> None:
    first = drawn(seed, sorted(households))
    assert first == drawn(seed, sorted(households, reverse=True))
    assert len(first) == min(DRAWN, len(households)) and set(first) <= households
    worst = max((sha256(f"{seed}|{code}".encode()).hexdigest() for code in first), default="")
    assert all(sha256(f"{seed}|{code}".encode()).hexdigest() > worst for code in households - set(first))


def test_every_household_is_drawn_by_some_seed() -> None:
    households = [f"{VILLAGE}01{n:04}" for n in range(20)]
    assert {code for n in range(60) for code in drawn(str(n), households)} == set(households)


def published(days_before: int, root: str) -> DailyRoot:
    day = today() - timedelta(days=days_before)
    given = {"county": COUNTY, "day": day, "root": root * 64, "entries": 1, "lines": []}
    return DailyRoot.objects.create(**given)


@pytest.mark.django_db
def test_newest_root_of_a_day_before_that_was_out_at_the_signature_counts(world: World) -> None:
    published(3, "a")
    published(1, "b")
    published(0, "c")  # of the day itself
    world.declare(world.village)
    published(2, "d")  # made up for later
    found = draw_of(Declaration.objects.select_related("sheet").get())
    assert (found.root[0], found.day) == ("b", today() - timedelta(days=1))
    assert found.households == drawn(sha256(found.seed_text.encode()).hexdigest(), found.declaration.households)


@pytest.mark.django_db
def test_anybody_works_it_out_from_the_page(world: World) -> None:
    world.declare(world.village)
    declaration = Declaration.objects.select_related("sheet").get()
    text = Client().get(reverse("draw", args=[MONTH, VILLAGE])).content.decode()
    found = draw_of(declaration)
    for words in (found.seed_text, found.seed, NO_ROOT, *found.households, *declaration.households):
        assert words in text
    assert not [name for name in ("张*", "张三丰", "李四光") if name in text]
    assert reverse("draw", args=[MONTH, VILLAGE]) in Client().get(reverse("draws", args=[MONTH])).content.decode()


def signed_again(world: World) -> list[str]:
    """Taken back and signed once more; what is drawn then."""
    reopen(world.sheet(), SheetAction.UNDECLARE, reason="漏登")
    world.declare(world.village)
    return draw_of(Declaration.objects.select_related("sheet").get(withdrawn_at=None)).households


@pytest.mark.django_db
def test_signing_again_draws_the_same_until_the_township_sends_it_back(world: World) -> None:
    world.declare(world.village)
    first = draw_of(Declaration.objects.select_related("sheet").get())
    published(1, "a")
    assert [signed_again(world) for _ in range(3)] == [first.households] * 3
    page = Client().get(reverse("draw", args=[MONTH, VILLAGE])).content.decode()
    assert "撤回重报不重新抽签" in page and first.seed_text in page
    return_sheet(sheet=world.sheet(), reason="再看看", opened=(), by=world.user(Role.TOWNSHIP))
    world.declare(world.village)
    anew = draw_of(Declaration.objects.select_related("sheet").get(withdrawn_at=None))
    assert not anew.is_again and anew.seed != first.seed


@pytest.mark.django_db
def test_nothing_is_drawn_before_the_declaration(world: World) -> None:
    world.sheet()
    assert Client().get(reverse("draw", args=[MONTH, VILLAGE])).status_code == 404
    assert "还没有村申报" in Client().get(reverse("draws", args=[MONTH])).content.decode()


@pytest.mark.django_db
def test_draw_tells_nothing_about_exceptions(world: World) -> None:
    """Households with an exception take part like the others: who is missing from the draw says nothing."""
    world.record(f"{VILLAGE}010001", "WR02")
    world.declare(world.village)
    declaration = Declaration.objects.select_related("sheet").get()
    assert f"{VILLAGE}010001" in declaration.households
    assert draw_of(declaration).households == drawn(draw_of(declaration).seed, declaration.households)
    assert timezone.localdate(declaration.signed_at) == today()


@pytest.mark.django_db
def test_command_prints_the_households_and_says_how(world: World) -> None:
    world.declare(world.village)
    out, err = StringIO(), StringIO()
    call_command("draw", MONTH, VILLAGE, stdout=out, stderr=err)
    found = draw_of(Declaration.objects.select_related("sheet").get())
    assert out.getvalue().split() == found.households and found.seed_text in err.getvalue()
