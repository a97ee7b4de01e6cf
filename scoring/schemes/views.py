"""The rules in force and the older ones, open to everybody."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, published, user_of
from households.confirming.views import with_password
from households.months import month_of
from households.permissions import Permission
from scoring.rules import BONUS_CAP, SIX_ZERO_POINTS
from scoring.schemes import reads as rulebook
from scoring.schemes.actions import adopt_scheme as adopt
from scoring.schemes.protected_acts import BENEFIT_GATE, PROTECTED_ACTS


@published
@require_safe
def rules(request: HttpRequest, scheme: str = "") -> HttpResponse:
    """One version of the scheme, the one in force by default: shares, clauses, red lines and a worked example."""
    listed = rulebook.editions()
    current = next((edition for edition in listed if edition.covers(month_of(timezone.localdate()))), None)
    shown = next((edition for edition in listed if edition.scheme.code == scheme), None) if scheme else current
    if shown is None:
        raise Http404
    chapters = rulebook.chapters(shown.scheme)
    context = {
        "editions": listed,
        "current": current,
        "shown": shown,
        "chapters": chapters,
        "example": rulebook.example(chapters),
        "protected_acts": PROTECTED_ACTS,
        "benefits": BENEFIT_GATE,
        "bonus_cap": BONUS_CAP,
        "six_zero_points": SIX_ZERO_POINTS,
    }
    return render(request, "scoring/schemes/rules.html", context)


@holders_of(Permission.ADOPT_SCHEME)
@require_POST
@with_password
def adopt_scheme(request: HttpRequest) -> HttpResponse:
    """The county takes up the scheme in force, in one act."""
    scheme = adopt(by=user_of(request))
    messages.success(request, f"本县采用《{scheme.name}》。")
    return redirect("opening")
