"""The staff's list of petitions."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission, Role, may
from petitions import desk
from petitions.models import Channel, Content, Kind, Petition
from petitions.states import PetitionState
from petitions.views.oversight import numbers_only

PER_PAGE = 50


@holders_of(Permission.SEE_PETITIONS)
@never_cache
@require_safe
def petitions(request: HttpRequest) -> HttpResponse:
    """What the reader may read (the county office: numbers alone), counted by lamp and filtered, the most pressing first."""
    user, today = user_of(request), timezone.localdate()
    blind = numbers_only(user)
    every = Petition.objects.overseen_by(user) if blind else Petition.objects.visible_to(user)
    wanted = desk.asked(request.GET)
    found = desk.filtered(every, wanted, user, today)
    page = Paginator(desk.listed(found), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(petition, desk.lamp_of(petition, today)) for petition in page]
    context = {
        "wanted": wanted,
        "blind": blind,
        "lamps": desk.lamps(desk.filtered(every, desk.without_lamp(wanted), user, today), today).items(),
        "page": page,
        "rows": rows,
        "today": today,
        "mine": _mine(user.role),
        "states": [(state.value, state.label) for state in PetitionState],
        "channels": Channel.choices,
        "contents": Content.choices,
        "kinds": Kind.choices,
        **desk.choices_for(user, today),
        "may_file": may(user, Permission.FILE_FOR_OTHERS),
    }
    return render(request, "petitions/desk.html", context)


def _mine(role: str) -> list[tuple[str, str]]:
    """The two narrower lists; a cadre's has only his own filings, so both would show the same."""
    return [] if role in (Role.CADRE, Role.COUNTY_OFFICE) else list(desk.MINE.items())


urlpatterns: list[URLPattern] = [path("petitions/", petitions, name="petitions")]
