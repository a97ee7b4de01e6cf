"""The page behind a household's plate: a notice for whoever scans it, the household's own page for who knows the PIN."""

from functools import lru_cache
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from households.audience import public, unlisted
from households.codes import Level, reaches, village_of
from households.models import Household, Plate, User
from households.months import month_of
from households.permissions import Permission, may
from households.plates import devices
from households.plates import sessions as plate_sessions
from households.plates.reads import enter, plate_in_force
from households.plates.reads import locked as locked_now
from households.refusals import Refused
from households.sessions import leave
from scoring.villager import page as villager
from scoring.villager import row as household_row

NOTICES = 2  # this month and the one before
LOCKED = "plate_locked"
CSRF = f"csrf-{token_hex(16)}"  # the only part of a household's page that differs from one load to the next


@public
@unlisted
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def plate(request: HttpRequest, token: str) -> HttpResponse:
    """The plate's page. Staff of the household's own village are led to its lines on the sheet."""
    session = plate_sessions.row_key(request)
    if session and request.method != "POST" and (page := _household_page(request, session, token)):
        return page
    found = plate_in_force(token)
    if found is None:
        return render(request, "scoring/villager/plate_unknown.html", status=404)
    if request.method == "POST":
        return _enter(request, found)
    if _works_here(request, found.household):
        month = month_of(timezone.localdate())
        return redirect(f"{reverse('sheet', args=[month])}?household={found.household_id}")
    return _public_page(request, found)


@public
@unlisted
@require_POST
def plate_leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every session of this device; the answer is the same whether there was one or not."""
    response = redirect("plate", token)
    leave(request, response)
    return response


def _enter(request: HttpRequest, found: Plate) -> HttpResponse:
    """The household's own PIN opens its page, the one on paper leads to setting another, every other answer shows why not."""
    try:
        enter(request, found, request.POST.get("pin", ""))
    except Refused as refusal:
        return _public_page(request, found, refusal)
    if not found.has_own_pin:
        response = redirect("own-pin", found.token)
        plate_sessions.open_session(request, response, found)
        return response
    response = redirect("plate", found.token)
    plate_sessions.open_session(request, response, found)
    devices.remember_here(request, response, found)
    return response


def _public_page(request: HttpRequest, found: Plate, refusal: Refused | None = None) -> HttpResponse:
    """The same for every household of the village, and nothing about any of them."""
    states = villager.village_states(village_of(found.household_id), timezone.localdate())
    locked = locked_now(request, found) if refusal is None else refusal if refusal.code == LOCKED else None
    context = {
        "token": found.token,
        "village": found.household.group.parent,
        "notices": [villager.notice(state) for state in states[:NOTICES]],
        "wrong": None if locked else refusal,
        "locked": locked,
    }
    return render(request, "scoring/villager/plate.html", context, status=refusal.status if refusal else 200)


def _household_page(request: HttpRequest, session: str, token: str) -> HttpResponse | None:
    """The last month with a score, or the listed month that is asked for; None when the session is not about this plate."""
    today, wanted = timezone.localdate(), request.GET.get("month", "")
    month = wanted if wanted in household_row.months_up_to(today) else None
    text = household_row.fetch(session=session, token=token, month=month, today=today)
    if text is None:
        return None
    return HttpResponse(_rendered(text, token).replace(CSRF, get_token(request)))


@lru_cache(maxsize=256)
def _rendered(text: str, token: str) -> str:
    """The page of a row. The same row gives the same page, so loading it again costs one statement."""
    row = household_row.read(text)
    context = {
        "row": row,
        "page": villager.page_of(row),
        "token": token,
        "csrf_token": CSRF,
    }
    return render_to_string("scoring/villager/page.html", context)


def _works_here(request: HttpRequest, household: Household) -> bool:
    """Whether a cadre, group leader or supervisor scans a plate of the place they work for."""
    user = request.user
    if not isinstance(user, User) or not reaches(user.division_id or "", Level.VILLAGE):
        return False
    return may(user, Permission.SEE_SHEET, at=household.code)
