"""Who looks after which household: coverage from above, a village's list, a household's history."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import division_in_scope, holders_of, household_in_scope, user_of
from households.codes import Level, is_level, reaches, village_of
from households.contacts import page as pages
from households.contacts import reads
from households.contacts.actions import contacts as actions
from households.contacts.forms import ChooseForm, EndForm, GiveHouseholdsForm
from households.fields import Choices
from households.models import Contact, ContactPerson, Division, Household, User
from households.permissions import Permission, may
from households.scope import lies_in

PER_PAGE = 50
readers = holders_of(Permission.SEE_HOUSEHOLDS)
managers = holders_of(Permission.MANAGE_CONTACTS)


@readers
@require_safe
def contacts_home(request: HttpRequest) -> HttpResponse:
    """The reader's own place; of a department the places linked to it."""
    user = user_of(request)
    if user.division_id:
        return redirect("contacts-of", user.division_id)
    places = list(Division.objects.filter(code__in=user.scope.prefixes).active(pages.today()))
    lines = [line for each in places for line in reads.coverage(each.code, [each], pages.today())]
    context = {"lines": lines, "total": reads.summed(lines)}
    return render(request, "households/contacts/coverage.html", context)


@readers
@require_http_methods(["GET", "HEAD", "POST"])
def contacts_of(request: HttpRequest, code: str) -> HttpResponse:
    """The households of a village or group; above it what lies below, in figures. Managers tick some and give them to somebody."""
    place = division_in_scope(user_of(request), code)
    if request.method == "POST" and not (reaches(place.code, Level.VILLAGE) and _arranges(request, place)):
        raise Http404
    return _households(request, place) if reaches(place.code, Level.VILLAGE) else _coverage(request, place)


def _coverage(request: HttpRequest, place: Division) -> HttpResponse:
    """A county by its townships, a township by its villages."""
    today = pages.today()
    inside = Division.objects.within(user_of(request).scope).filter(lies_in(place.code)).active(today)
    below = Level.TOWNSHIP if is_level(place.code, Level.COUNTY) else Level.VILLAGE
    lines = reads.coverage(place.code, list(inside.of_level(below).order_by("code")), today)
    context = {"place": place, "above": _above(request, place), "lines": lines, "total": reads.summed(lines)}
    return render(request, "households/contacts/coverage.html", context)


def _households(request: HttpRequest, place: Division) -> HttpResponse:
    user, today = user_of(request), pages.today()
    village = division_of_village(place)
    choice = ChooseForm(_groups(user, village, place), list(reads.LACKS.items()), request.GET)
    found = _found(user, place, choice)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    form = _assign_form(request, village, [each.code for each in shown]) if _arranges(request, place) else None
    if request.method == "POST" and form and form.is_valid():
        return _assign(request, place, form)
    line = reads.coverage(place.code, [place], today)[0]
    context = {
        "place": place,
        "village": village,
        "above": _above(request, place),
        "choice": choice,
        "line": line,
        "page": shown,
        "lines": pages.lines_of(list(shown), user, today),
        "form": form,
        "arranges": form is not None,
    }
    return render(request, "households/contacts/village.html", context, status=422 if request.method == "POST" else 200)


def _found(user: User, place: Division, choice: ChooseForm) -> "QuerySet[Household]":
    """The households that are listed: of the group chosen, and of those that lack what was chosen."""
    today = pages.today()
    asked = choice.cleaned_data if choice.is_valid() else {}
    wanted = asked.get("group") or place.code
    found: QuerySet[Household] = Household.objects.within(user.scope).filter(lies_in(wanted)).active(today)
    if lacks := asked.get("lacks"):
        found = found.filter(code__in=reads.lacking(wanted, lacks, today))
    return found.select_related("group").order_by("code")


def _groups(user: User, village: Division, place: Division) -> Choices:
    if place.code != village.code:
        return []
    groups = Division.objects.within(user.scope).filter(parent=village).active(pages.today()).order_by("code")
    return list(groups.values_list("code", "name"))


def _assign_form(request: HttpRequest, village: Division, codes: list[str]) -> GiveHouseholdsForm:
    first = {"op_id": uuid4(), "since": pages.today()}
    posted = request.POST if request.method == "POST" else None
    return GiveHouseholdsForm(codes, pages.people_choices(village), posted, initial=first)


def _assign(request: HttpRequest, place: Division, form: GiveHouseholdsForm) -> HttpResponse:
    asked = form.cleaned_data
    person = person_in_scope(user_of(request), asked["person"])
    households = list(Household.objects.within(user_of(request).scope).filter(code__in=asked["households"]))
    given = {"person": person, "kind": asked["kind"], "since": asked["since"], "by": user_of(request)}
    done = actions.assign(op_id=asked["op_id"], households=households, **given)
    messages.success(request, f"已安排 {person.name} 联系 {len(done)} 户。")
    return redirect("contacts-of", place.code)


@readers
@require_safe
def contact_household(request: HttpRequest, household: str) -> HttpResponse:
    """One household's contacts, those of before too, and ending one."""
    user = user_of(request)
    found = household_in_scope(user, household)
    rows = Contact.objects.filter(household=found).select_related("person", "micro_grid").order_by("-valid_from", "-pk")
    context = {
        "household": found,
        "above": next(code for code in (village_of(found.code), found.group_id) if user.scope.covers(code)),
        "line": pages.lines_of([found], user, pages.today())[0],
        "rows": list(rows) if pages.sees_people(user, found.code) else [],
        "arranges": may(user, Permission.MANAGE_CONTACTS, at=found.code),
        "today": pages.today(),
    }
    return render(request, "households/contacts/household.html", context)


@managers
@require_POST
def end_contact(request: HttpRequest, household: str, contact: int) -> HttpResponse:
    """From a day on it is no longer in force."""
    found = household_in_scope(user_of(request), household)
    form = EndForm(request.POST)
    if form.is_valid():
        row = Contact.objects.filter(pk=contact, household=found).first()
        if row is None:
            raise Http404
        actions.end(op_id=form.cleaned_data["op_id"], contact=row, on=form.cleaned_data["on"], by=user_of(request))
        messages.success(request, "已结束这一条联系。")
    else:
        messages.error(request, "没有结束：请填日期。")
    return redirect("contact-household", found.code)


def division_of_village(place: Division) -> Division:
    """The village that a village or group is or lies in."""
    return place if len(place.code) == Level.VILLAGE.code_length else Division.objects.get(code=village_of(place.code))


def person_in_scope(user: User, person: object) -> ContactPerson:
    """Somebody on a list in the person's subtree or above it, or 404."""
    found = ContactPerson.objects.select_related("place", "user").filter(pk=int(str(person))).first()
    if found is None or not user.scope.meets(found.place_id):
        raise Http404
    return found


def _arranges(request: HttpRequest, place: Division) -> bool:
    return may(user_of(request), Permission.MANAGE_CONTACTS, at=place.code)


def _above(request: HttpRequest, place: Division) -> Any:
    return place.parent if place.parent_id and user_of(request).scope.covers(place.parent_id) else None
