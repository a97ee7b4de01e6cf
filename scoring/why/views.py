"""Why a figure is what it is."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.borders.reads import story_of
from households.codes import Level, is_level, village_of
from households.months import month_of, previous_month
from households.permissions import Permission, may
from scoring.addresses import code_of_address, month_of_address
from scoring.models import Sheet
from scoring.rankings import boards
from scoring.rankings.links import ranking_url
from scoring.readers import Reader
from scoring.rules import BASE, BONUS_CAP
from scoring.states import SheetState
from scoring.why.why import HouseholdWhy, explain


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def why(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """The arithmetic of a county, township, village, group or household in a month, down to the events."""
    month, code = month_of_address(month), code_of_address(code)
    explained = explain(month, code, Reader(user_of(request)))
    context = {
        "why": explained,
        "month": month,
        "months": boards.months(),
        "adjust_url": _adjust_url(request, month, code),
        "object_url": _object_url(request, month, code),
    }
    if isinstance(explained, HouseholdWhy):
        return render(request, "scoring/why/household.html", context | {"base": BASE, "bonus_cap": BONUS_CAP})
    more = {"ranking_url": ranking_url(month, code), "story": _story(code, Reader(user_of(request)))}
    return render(request, "scoring/why/division.html", context | more)


def _story(code: str, reader: Reader) -> list[dict[str, Any]]:
    """What became of the place and where it came from, each with the last month of its own that the reader may open."""
    return [
        {
            "line": line,
            "gone": line.old_id == code and line.new_id != code,
            "month": previous_month(month_of(line.order.counts_from)),
            "since": month_of(line.order.counts_from),
            "opens_old": reader.may_open(str(line.old_id)),
            "opens_new": reader.may_open(str(line.new_id)),
        }
        for line in story_of(code).lines
    ]


def _object_url(request: HttpRequest, month: str, code: str) -> str:
    """Where the reader objects to a month of a village, or of what lies in it; the page says whether it is posted."""
    inside = is_level(village_of(code), Level.VILLAGE) and may(user_of(request), Permission.FILE_OBJECTION, at=code)
    return f"{reverse('objection-new')}?{urlencode({'month': month, 'code': code})}" if inside else ""


def _adjust_url(request: HttpRequest, month: str, code: str) -> str:
    """Where the reader may ask for a correction; empty unless they may and the month is frozen there."""
    village = village_of(code)
    if not is_level(village, Level.VILLAGE) or not may(user_of(request), Permission.ASK_RESTATEMENT, at=code):
        return ""
    frozen = Sheet.objects.filter(period=month, village=village, state=SheetState.FROZEN).exists()
    return f"{reverse('adjustment-ask')}?{urlencode({'month': month, 'code': code})}" if frozen else ""
