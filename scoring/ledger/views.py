"""The published lists of points: open to everybody, nothing personal in them, made to be printed and compared."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import published
from households.files.answers import json_file
from households.models import Division
from households.months import month_of, previous_month
from scoring.ledger import roots
from scoring.models import DailyRoot

DAYS_SHOWN = 60
LONGEST_WORDS = 30


@published
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The days, newest first, with each county's root."""
    days = DailyRoot.objects.order_by("-day", "county").defer("lines")
    page = Paginator(days, DAYS_SHOWN).get_page(request.GET.get("page"))
    names = dict(Division.objects.filter(parent=None).values_list("code", "name"))
    rows = [(daily, names.get(daily.county, daily.county)) for daily in page]
    context = {"page": page, "rows": rows, "drawn": previous_month(month_of(timezone.localdate()))}
    return render(request, "scoring/ledger/list.html", context)


@published
@require_safe
def ledger_day(request: HttpRequest, county: str, day: str) -> HttpResponse:
    """A county's list of a day; with `?format=json` the file that the verifier reads."""
    daily = roots.daily_of(county, _day(day))
    if daily is None:
        raise Http404
    lines = roots.named_lines(daily)
    form = request.GET.get("format", "")
    if form == "json":
        return json_file(roots.as_json(daily, lines), f"积分日榜-{county}-{day}.json")
    if form:
        raise Http404
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    shown = [line for line in lines if words in f"{line.above} {line.name} {line.chain}"]
    name = Division.objects.filter(pk=county).values_list("name", flat=True).first() or county
    context = {"daily": daily, "lines": shown, "listed": len(lines), "words": words, "county_name": name}
    return render(request, "scoring/ledger/day.html", context)


@published
@require_safe
def ledger_check(request: HttpRequest) -> HttpResponse:
    """Where anybody checks a household's proof file. The file stays in the browser."""
    return render(request, "scoring/ledger/check.html")


def _day(text: str) -> date:
    """YYYY-MM-DD, or 404."""
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise Http404 from fault
    if found.isoformat() != text:
        raise Http404
    return found
