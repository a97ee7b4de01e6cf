"""The staff's list of petitions."""

from collections import Counter
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.paging import CountedPaginator
from households.permissions import Permission, may
from households.roles import Role
from petitions import choices
from petitions.lamps import Lamp, lamp_of
from petitions.models import Channel, Content, Petition, PetitionKind
from petitions.models.petitions import PetitionQuerySet
from petitions.search.search import MAX_READ, words_for
from petitions.search.snippets import snippets
from petitions.sight import numbers_only
from petitions.states import PetitionState
from petitions.worklist import reads as worklist

PER_PAGE = 25


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def petitions(request: HttpRequest) -> HttpResponse:
    """What the reader may read (the county office: numbers alone), counted by lamp and filtered, the most pressing first."""
    user, today = user_of(request), timezone.localdate()
    blind = numbers_only(user)
    every = Petition.objects.overseen_by(user) if blind else Petition.objects.visible_to(user)
    wanted = worklist.asked(request.GET)
    found = worklist.found(every, wanted, user, today)
    searching = bool(wanted.words) and not blind
    lamps, keys = _counted(found.petitions, wanted.lamp, today, whole=searching)
    page = CountedPaginator(keys, PER_PAGE, count=_number(lamps, wanted.lamp)).get_page(request.GET.get("page"))
    petitions = worklist.with_rows(list(page), texts=searching)
    why = snippets(petitions, words_for(wanted.words, user)) if searching else {}
    context = {
        "wanted": wanted,
        "blind": blind,
        "lamps": lamps.items(),
        "page": page,
        "rows": [(petition, lamp_of(petition, today), why.get(petition.pk)) for petition in petitions],
        "cut": found.cut and MAX_READ,
        "today": today,
        "mine": _mine(user.role),
        "whose": worklist.MINE.get(wanted.mine, ""),
        "states": [(state.value, state.label) for state in PetitionState],
        "channels": Channel.choices,
        "contents": Content.choices,
        "kinds": PetitionKind.choices,
        **choices.choices_for(user, today),
        "may_route": may(user, Permission.ROUTE_PETITIONS),
        "may_file": may(user, Permission.FILE_FOR_OTHERS),
    }
    return render(request, "petitions/worklist/list.html", context)


def _number(lamps: dict[Lamp, int], lamp: str) -> int:
    """How many the list has: they have been counted already."""
    return lamps[Lamp(lamp)] if lamp else sum(lamps.values())


def _counted(
    petitions: PetitionQuerySet, lamp: str, today: date, *, whole: bool
) -> tuple[dict[Lamp, int], QuerySet[Petition, int] | list[int]]:
    """How many show each lamp, and the keys under the one asked for; with `whole` both from one look at all of them."""
    if not whole:
        keys = worklist.listed(worklist.under_lamp(petitions, lamp, today)).values_list("pk", flat=True)
        return worklist.lamps(petitions, today), keys
    looked = worklist.in_one_look(petitions, today)
    counts = Counter(each for each, _ in looked)
    return {each: counts[each] for each in Lamp}, [key for each, key in looked if lamp in ("", each)]


def _mine(role: str) -> list[tuple[str, str]]:
    """The two narrower lists; a cadre's has only their own filings, so both would show the same."""
    return [] if role in (Role.CADRE, Role.COUNTY_OFFICE) else list(worklist.MINE.items())


urlpatterns: list[URLPattern] = [path("petitions/", petitions, name="petitions")]
