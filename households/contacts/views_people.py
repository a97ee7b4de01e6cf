"""The people to call of a village: adding and correcting them, and handing all of somebody's households to another."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.audience import division_in_scope, user_of
from households.codes import Level
from households.contacts import page as pages
from households.contacts import reads
from households.contacts.actions import contacts as actions
from households.contacts.actions.people import add_person, change_person
from households.contacts.forms import HandOverForm, PersonForm
from households.contacts.views import managers, person_in_scope
from households.models import ContactPerson, User
from households.register.reads import name_for


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def contact_people(request: HttpRequest, village: str) -> HttpResponse:
    """Everybody who may be given households of the village, and adding somebody."""
    place = division_in_scope(user_of(request), village, Level.VILLAGE)
    form = _form(request, pages.account_choices(place), {"op_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        person = add_person(place=place, **_given(form), by=user_of(request))
        messages.success(request, f"{person.name} 已列入联系人。")
        return redirect("contact-people", place.code)
    people = reads.people_of(place)
    numbers = reads.numbers_of(people)
    context = {
        "village": place,
        "people": [(person, numbers.get(person.pk, 0)) for person in people],
        "form": form,
    }
    return render(request, "households/contacts/people.html", context, status=422 if request.method == "POST" else 200)


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def contact_person(request: HttpRequest, village: str, person: int) -> HttpResponse:
    """Correcting somebody's name, number or account."""
    place = division_in_scope(user_of(request), village, Level.VILLAGE)
    found = person_in_scope(user_of(request), person)
    first = {"op_id": uuid4(), "name": found.name, "phone": found.phone}
    first["account"] = found.user.username if found.user else ""
    form = _form(request, pages.account_choices(place), first)
    if request.method == "POST" and form.is_valid():
        change_person(person=found, **_given(form), by=user_of(request))
        messages.success(request, "已改好。")
        return redirect("contact-people", place.code)
    context = {"village": place, "person": found, "form": form, "number": reads.numbers_of([found]).get(found.pk, 0)}
    return render(request, "households/contacts/person.html", context, status=422 if request.method == "POST" else 200)


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, village: str, person: int) -> HttpResponse:
    """Choose who takes over and from when, see what moves, then confirm: in one act."""
    user = user_of(request)
    place = division_in_scope(user, village, Level.VILLAGE)
    giver = person_in_scope(user, person)
    others = [(key, told) for key, told in pages.people_choices(place) if key != str(giver.pk)]
    posted = request.POST if request.method == "POST" else None
    form = HandOverForm(others, posted, initial={"op_id": uuid4(), "day": pages.today()})
    context: dict[str, Any] = {"village": place, "giver": giver, "form": form}
    if posted and form.is_valid():
        taker = person_in_scope(user, form.cleaned_data["taker"])
        if "sure" in posted:
            given = {"giver": giver, "taker": taker, "day": form.cleaned_data["day"], "by": user}
            done = actions.hand_over(op_id=form.cleaned_data["op_id"], **given)
            messages.success(request, f"{giver.name} 的 {done.households} 户已交给 {taker.name}。")
            return redirect("contact-people", place.code)
        context |= _preview(giver, taker, user)
    status = 422 if posted and "plan" not in context else 200
    return render(request, "households/contacts/hand_over.html", context, status=status)


def _preview(giver: ContactPerson, taker: ContactPerson, user: User) -> dict[str, Any]:
    plan = actions.plan(giver=giver, taker=taker, by=user)
    untold = [person for person in (giver, taker) if person.user is None]
    moved = [(name_for(one.household, user), one) for one in plan.given]
    return {"plan": plan, "moved": moved, "taker": taker, "untold": untold}


def _form(request: HttpRequest, accounts: Any, first: dict[str, Any]) -> PersonForm:
    return PersonForm(accounts, request.POST if request.method == "POST" else None, initial=first)


def _given(form: PersonForm) -> dict[str, Any]:
    asked = dict(form.cleaned_data)
    account = asked.pop("account")
    return asked | {"user": User.objects.get(username=account) if account else None}
