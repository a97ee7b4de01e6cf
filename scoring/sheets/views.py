"""The page of a village's month. It carries no data of its own: it reads and writes through the interface."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from households.audience import holders_of, household_in_scope, public, user_of
from households.codes import village_of
from households.house.service_workers import OfflinePages
from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from households.sealing.signing import public_keys
from scoring.addresses import code_of_address
from scoring.months.due import month_of_entry
from scoring.months.months import begun, readable
from scoring.sheets.reads import months_of_sheets, only_village, place_in_reach, this_month, villages_to_choose
from scoring.sheets.ready_words import READY_WORDS

SHORT = "/village/sheet/"
OFFLINE = OfflinePages(cache="sheet-1", pages=rf"^{SHORT}\d{{4}}-\d{{2}}/$", by=("village",), short=SHORT)


@public
@require_safe
def sheet_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker's script."""
    return OFFLINE.worker()


@holders_of(Permission.SEE_SHEET)
@require_safe
def sheet_due(request: HttpRequest) -> HttpResponse:
    """The sheet of the month that is due; what else the address asks for goes with it."""
    address = reverse("sheet", args=[month_of_entry(user_of(request), timezone.localdate())])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@holders_of(Permission.SEE_SHEET)
@gzip_page
@require_safe
def sheet(request: HttpRequest, month: str) -> HttpResponse:
    """The sheet of `?village=`, of the village of `?household=`, or of one's only village; else a list to choose from."""
    readable(month)
    user = user_of(request)
    household = request.GET.get("household", "")
    if household:
        household = household_in_scope(user, code_of_address(household)).code
    own = only_village(user)
    wanted = request.GET.get("village") or village_of(household) or own
    context: dict[str, Any] = {"month": month, "months": months_of_sheets(this_month())}
    if month not in context["months"]:
        begun(month, wanted)
    if not wanted:
        return render(request, "scoring/sheets/choice.html", context | {"choices": villages_to_choose(user, month)})
    place = place_in_reach(user, wanted, month)
    code = place.village.code
    context |= {
        "place": place,
        "offline": OFFLINE,
        "receipt_keys": json.dumps(public_keys()),
        "household": household,
        "ready_words": READY_WORDS,
        "may_record": may(user, Permission.RECORD_EVENT),
        "may_find": may(user, Permission.NAME_HOUSEHOLDS),
        "finds_by": _finds_by(user),
        "whose": user.place_name if user.role == Role.GROUP_LEADER else place.village.name,
        "due": SHORT if month == month_of_entry(user, timezone.localdate()) else "",
        "show": "pending" if request.GET.get("show") == "pending" else "",
        "query": "" if code == own else f"?village={code}",
    }
    context |= {
        f"{name}_url": reverse(f"api-{name}", args=[month, code]) for name in ("sheet", "ops", "impact", "carrying")
    }
    context["event_url"], context["photos_url"] = reverse("event", args=[0]), reverse("api-event-photos", args=[0])
    return render(request, "scoring/sheets/page.html", context)


def _finds_by(user: User) -> str:
    """What the search of the sheet looks through for this person."""
    if not may(user, Permission.NAME_HOUSEHOLDS):
        return "姓名、拼音首字母或户号"
    return "首字母或户号" if may(user, Permission.RECORD_EVENT) else "户号"
