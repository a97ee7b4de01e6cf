"""Changes of places: what was done, and the few acts that happen often. Each of them is a mapping, rehearsed and written as a file is."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.borders.actions.undoing import hindrances, take_back
from households.borders.forms import FORMS
from households.borders.importing import KIND
from households.borders.reads import lines_for, orders_in, places_for
from households.confirming.views import with_password
from households.intake.actions import hand_in
from households.intake.ring import ring
from households.models import BorderOrder
from households.permissions import Permission, may

PER_PAGE = 50


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_safe
def borders(request: HttpRequest) -> HttpResponse:
    """What was changed of the places in the reader's part, and for whoever may, how to change more."""
    user = user_of(request)
    page = Paginator(orders_in(user), PER_PAGE).get_page(request.GET.get("page"))
    acts = FORMS.items() if may(user, Permission.IMPORT_REGISTER) else ()
    return render(request, "households/borders/list.html", {"page": page, "acts": list(acts)})


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_safe
def border_order(request: HttpRequest, border: int) -> HttpResponse:
    """One change of places: what became of each, as far as its reader's part reaches."""
    user = user_of(request)
    order = get_object_or_404(orders_in(user), pk=border)
    undoes = may(user, Permission.IMPORT_REGISTER) and not order.undone_at
    context = {
        "order": order,
        "lines": lines_for(order, user.scope),
        "undoes": undoes,
        "hindrances": hindrances(order) if undoes else [],
        "opens_run": order.run if undoes else None,
    }
    return render(request, "households/borders/order.html", context)


@holders_of(Permission.IMPORT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def change_border(request: HttpRequest, border_act: str) -> HttpResponse:
    """One of the small acts: its lines are handed in like a file, so that they are rehearsed, written and taken back like one."""
    if border_act not in FORMS:
        raise Http404
    user, (label, form_of, words) = user_of(request), FORMS[border_act]
    places = places_for(user, (6, 9, 12, 14))
    form = form_of(places, request.POST or None, initial={"day": timezone.localdate()})
    if form.is_valid():
        run = hand_in(kind=KIND, name=f"{label}.csv", data=form.table, options=form.options, by=user)
        ring(run)
        return redirect("import-run", run.pk)
    status = 422 if form.errors else 200
    return render(request, "households/borders/act.html", {"form": form, "label": label, "words": words}, status=status)


@holders_of(Permission.IMPORT_REGISTER)
@require_POST
@with_password
def undo_border(request: HttpRequest, border: int) -> HttpResponse:
    """Take back one that came by no file; of a file the run says it."""
    order: BorderOrder = get_object_or_404(orders_in(user_of(request)).filter(run=None), pk=border)
    take_back(order=order, by=user_of(request))
    messages.success(request, "已整批撤回，一切恢复原样。")
    return redirect("border-order", order.pk)


urlpatterns: list[URLPattern] = [
    path("borders/", borders, name="borders"),
    path("borders/<int:border>/", border_order, name="border-order"),
    path("borders/<int:border>/undo/", undo_border, name="undo-border"),
    path("borders/new/<str:border_act>/", change_border, name="change-border"),
]
