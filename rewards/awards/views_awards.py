"""Awards for those who were given them, same reward and same penalty side by side, and the public list."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import division_in_scope, holders_of, published, user_of
from households.codes import Level, reaches, village_of
from households.fields import asked_within
from households.files.answers import shown
from households.models import Division
from households.permissions import Permission
from rewards.awards import letters
from rewards.awards import reads as fund_pages
from rewards.awards.same_reward import sides
from scoring.addresses import month_of_address
from scoring.rankings import boards

PER_PAGE = 50


@holders_of(Permission.SEE_AWARDS)
@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    """The awards inside the reader's place, newest first."""
    user = user_of(request)
    words = request.GET.get("words", "").strip()[:30]
    page = Paginator(fund_pages.awards_called(user, words), PER_PAGE).get_page(request.GET.get("page"))
    shown = fund_pages.awards_seen_by(user).filter(pk__in=[award.pk for award in page])
    months = boards.months()
    village = village_of(user.division_id or "") if reaches(user.division_id or "", Level.VILLAGE) else ""
    shared = village if months and user.scope.covers(village) else ""
    context = {
        "page": page,
        "words": words,
        "wide": not user.works_in_village,
        "cards": fund_pages.cards(shown),
        "months": months,
        "shared": shared,
        "year": timezone.localdate().year,
    }
    return render(request, "rewards/awards/list.html", context)


@holders_of(Permission.SEE_AWARDS)
@require_safe
def award_letter(request: HttpRequest, award: int) -> HttpResponse:
    """One's own letter."""
    own = fund_pages.awards_seen_by(user_of(request))
    found = get_object_or_404(own.select_related("run__fund__county", "division__parent"), pk=award)
    return shown(letters.letters([found]), f"{letters.place_of(found)}{found.get_kind_display()}通知书.pdf")


@holders_of(Permission.SEE_AWARDS)
@require_safe
def same_reward(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """A village, its township and its departments beside each other in a month."""
    month = month_of_address(month)
    village = division_in_scope(user_of(request), code, Level.VILLAGE)
    context = {"village": village, "month": month, "months": boards.months(), "sides": sides(village, month)}
    return render(request, "rewards/awards/same_reward.html", context)


@published
@require_safe
def public_awards(request: HttpRequest, county: str) -> HttpResponse:
    """What was given, month by month: place, kind, amount. Confirmed awards only, for everybody."""
    place = get_object_or_404(Division.objects.filter(code__regex="^.{6}$"), pk=county)
    given, asked = fund_pages.public_months(place), request.GET.get("year", "")
    year = asked_within(asked, 2000, 2999) if asked else next(iter(given), 0)
    months = given.get(year or 0, [])
    month = request.GET.get("month", "") or next(iter(months), "")
    if year is None or (asked and year not in given) or (month and month not in months):
        raise Http404
    lists = fund_pages.public_lists(place, year, month) if month else []
    context = {"county": place, "years": [*given], "year": year, "months": months, "month": month, "lists": lists}
    return render(request, "rewards/awards/public.html", context)
