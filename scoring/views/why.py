"""Why a figure is what it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from scoring import boards
from scoring.addresses import code_of_address, month_of_address
from scoring.ranking_links import ranking_url
from scoring.readers import Reader
from scoring.rules import BASE, BONUS_CAP
from scoring.why import HouseholdWhy, explain


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def why(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """The arithmetic of a county, township, village, group or household in a month, down to the events."""
    month, code = month_of_address(month), code_of_address(code)
    explained = explain(month, code, Reader(user_of(request)))
    context = {"why": explained, "month": month, "months": boards.months()}
    if isinstance(explained, HouseholdWhy):
        return render(request, "scoring/why_household.html", context | {"base": BASE, "bonus_cap": BONUS_CAP})
    return render(request, "scoring/why.html", context | {"ranking_url": ranking_url(month, code)})
