"""Contacts over HTTP: who looks after which household, giving one to somebody, ending one, handing all over."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_number, errors, fields_as_sent, first_page, sent_only
from households.audience import household_in_scope
from households.contacts.actions.contacts import end, hand_over
from households.contacts.actions.requests import ask_contact
from households.contacts.page import sees_people
from households.contacts.serializers import (
    AskContactSerializer,
    ContactSerializer,
    ContactsHandedOverSerializer,
    ContactsSerializer,
    EndContactSerializer,
    HandContactsOverSerializer,
)
from households.endpoints import caller, endpoint
from households.masks import mask_name, mask_phone
from households.models import Contact, ContactPerson, User
from households.permissions import Permission
from households.scope import lies_in


@extend_schema(
    methods=["GET"],
    operation_id="contacts",
    summary="Who looks after which household today",
    parameters=[
        OpenApiParameter(
            "within", str, description="A division or household in the caller's scope; all of it without."
        ),
        OpenApiParameter("after", int, description="Contacts behind the one with this id."),
    ],
    responses={200: ContactsSerializer, **errors(400, 401, 403, 404)},
)
@extend_schema(
    methods=["POST"],
    operation_id="assign_contact",
    summary="Give a household to somebody from a day on",
    request=AskContactSerializer,
    responses={201: ContactSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_HOUSEHOLDS)
def contacts(request: Request) -> HttpResponseBase:
    """Explicit ones: that a group leader with an account leads the grid of the group follows from the account."""
    if request.method == "POST":
        return _assign(request)
    user, within = caller(request), request.query_params.get("within", "")
    if within and not user.scope.covers(within):
        raise Http404
    inside = Contact.objects.within(user.scope).active(timezone.localdate())
    inside = inside.filter(lies_in(within, "household")) if within else inside
    after = asked_number(request, "after")
    inside = inside.filter(pk__gt=after) if after is not None else inside
    found, following = first_page(inside.select_related("person", "micro_grid").order_by("pk"))
    return Response({"contacts": [_item(one, user) for one in found], "next": following})


def _assign(request: Request) -> HttpResponseBase:
    user, asked = caller(request), sent_only(AskContactSerializer, request)
    household = household_in_scope(user, asked["household"])
    given = {"op_id": asked["op_id"], "kind": asked["kind"], "person": asked["person"], "since": asked["from"]}
    made = ask_contact(household=household, grid=asked.get("micro_grid", ""), by=user, **given)
    return Response(_item(made, user), status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="end_contact",
    summary="End one contact from a day on",
    request=EndContactSerializer,
    responses={200: ContactSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.MANAGE_CONTACTS)
def end_contact(request: Request, contact: int) -> HttpResponseBase:
    """On the day it began it never was in force."""
    user = caller(request)
    row = Contact.objects.within(user.scope).filter(pk=contact).first()
    if row is None:
        raise Http404
    asked = sent_only(EndContactSerializer, request)
    with fields_as_sent({"on": "to", "from": "to"}):
        end(op_id=asked["op_id"], contact=row, on=asked["to"], by=user)
    ended = Contact.objects.select_related("person", "micro_grid").get(pk=row.pk)
    return Response(_item(ended, user))


@extend_schema(
    operation_id="hand_over_contacts",
    summary="Give all households of one person to another from a day on",
    request=HandContactsOverSerializer,
    responses={201: ContactsHandedOverSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.MANAGE_CONTACTS)
def hand_over_contacts(request: Request) -> HttpResponseBase:
    """Those of the caller's scope, in one act; micro-grids change their head with it. Both read of it."""
    user, asked = caller(request), sent_only(HandContactsOverSerializer, request)
    giver, taker = (_person(user, asked[name]) for name in ("giver", "taker"))
    done = hand_over(op_id=asked["op_id"], giver=giver, taker=taker, day=asked["from"], by=user)
    told = {"giver": giver.pk, "taker": taker.pk, "households": done.households, "from": done.day}
    return Response(told, status=status.HTTP_201_CREATED)


def _person(user: User, number: int) -> ContactPerson:
    found = ContactPerson.objects.filter(pk=number).first()
    if found is None or not user.scope.meets(found.place_id):
        raise Http404
    return found


def _item(contact: Contact, user: User) -> dict[str, Any]:
    named = sees_people(user, contact.household_id)
    name, phone = str(contact.person.name), str(contact.person.phone)
    return {
        "id": contact.pk,
        "household": contact.household_id,
        "kind": contact.kind,
        "person": {
            "id": contact.person_id,
            "name": name if named else mask_name(name),
            "phone": phone if named else mask_phone(phone),
        },
        "micro_grid": contact.micro_grid.name if contact.micro_grid else "",
        "from": contact.valid_from,
        "to": contact.valid_to,
    }
