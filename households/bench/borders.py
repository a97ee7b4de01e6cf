"""A change of places as large as a county meets: a township gets another code, and ten thousand households with it."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from households.bench.finding import browser_of, office
from households.borders.actions.carrying import BorderWish, carry_out, preview
from households.borders.mapping import MapLine
from households.codes import Level, county_of
from households.models import BorderReason, Division
from households.sql import counted

REHEARSED, OPENED = 10.0, 1.0  # seconds at most, also on a busy machine
MAX_QUERIES = 40


def border_job(stage: Any) -> tuple[str, str, str, str, str, bool]:
    """Rehearsed, carried out, and the page of it, which says whether it could be taken back."""
    stage.copy("run", of="declared")
    by, old = office(), Division.objects.of_level(Level.TOWNSHIP).order_by("code")[0]
    line = MapLine(2, old.code, f"{county_of(old.code)}999", "新乡")
    wish = BorderWish(timezone.localdate(), BorderReason.ORDERED, (line,))
    (found, _effects), rehearsed = _timed(lambda: preview(wish, by=by))
    order, carried = _timed(lambda: carry_out(op_id=uuid4(), wish=wish, by=by))
    browser, address = browser_of(by), reverse("border-order", args=[order.pk])
    browser.get(address)
    with counted() as sent:
        answer, opened = _timed(lambda: browser.get(address))
    met = rehearsed < REHEARSED and opened < OPENED and len(sent) <= MAX_QUERIES and answer.status_code == 200
    return (
        f"区划调整，{len(found.households.pairs):,} 户换编号",
        f"演练 {rehearsed:.2f} s，办理 {carried:.2f} s",
        f"页面 {opened:.2f} s，{len(sent)} 条语句",
        "",
        f"演练 < {REHEARSED:.0f} s，页面 < {OPENED:.0f} s，≤ {MAX_QUERIES} 条",
        met and order.households == len(found.households.pairs) > 0,
    )


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    done = act()
    return done, time.perf_counter() - begin
