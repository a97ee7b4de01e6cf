"""Petitions over HTTP: filing for somebody, what the caller may read, and every step of the staff."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_choice, asked_number, first_page, moment, sent
from households.audience import division_in_scope, household_in_scope
from households.audit_log import noted
from households.endpoints import caller, endpoint
from households.masks import mask_name, mask_phone
from households.models import Division, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from petitions.clocks import deadlines
from petitions.clocks.explain import basis
from petitions.filing.actions import filing
from petitions.filing.asked import Filing
from petitions.models import Petition, PetitionEvent
from petitions.petition.serializers import (
    PETITION_STATES,
    FiledSerializer,
    FilingSerializer,
    PetitionSerializer,
    StandingSerializer,
    SummaryListSerializer,
    TransitionSerializer,
    errors,
)
from petitions.petition.transitions import make
from petitions.search.search import search, words_for
from petitions.search.snippets import Snippet, snippets
from petitions.search.words import LONGEST
from petitions.sight import acts_as
from petitions.steps.handling import is_at_work


@extend_schema(
    methods=["GET"],
    operation_id="petition_list",
    summary="Petitions whose content the caller may read, newest first",
    parameters=[
        OpenApiParameter("state", str, enum=[state for state, _ in PETITION_STATES]),
        OpenApiParameter("before", int, description="Only older than this."),
        OpenApiParameter(
            "q", str, description="Words, all of which must be there: Chinese, pinyin, initials, the end of a number."
        ),
    ],
    responses={200: SummaryListSerializer, **errors(400, 401, 403)},
)
@extend_schema(
    methods=["POST"],
    operation_id="petition_file",
    summary="File a petition on somebody's behalf",
    request=FilingSerializer,
    responses={201: FiledSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_PETITIONS)
def collection(request: Request) -> HttpResponseBase:
    """List, or file: the answer holds the number and the filer's code, the same again for the same id."""
    return _file(request) if request.method == "POST" else _list(request)


def _file(request: Request) -> HttpResponseBase:
    given, by = sent(FilingSerializer, request), caller(request)
    if not may(by, Permission.FILE_FOR_OTHERS):
        raise Refused("not_yours", "您的角色不能代办信访。", status=403)
    op_id, code = given.pop("op_id"), given.pop("household", "")
    _check_place(by, given["place"])
    household = household_in_scope(by, code) if code else None
    accused = tuple(given.pop("accused", ()))
    made = filing.file(op_id=op_id, filing=Filing(household=household, accused=accused, **given), by=by)
    petition = made.petition
    answer = {"number": petition.number, "code": made.code, "state": petition.state}
    return Response(answer | {"filed_at": moment(petition.filed_at), "due": _day(petition)}, status=201)


def _check_place(by: User, code: str) -> None:
    """404 for a place outside the caller's scope; a department takes whoever comes, from anywhere."""
    if by.role != Role.DEPARTMENT:
        division_in_scope(by, code)
    elif "\0" in code or not Division.objects.filter(pk=code).exists():
        raise Http404


def _list(request: Request) -> HttpResponseBase:
    found = Petition.objects.visible_to(caller(request))
    if state := asked_choice(request, "state", PETITION_STATES, "没有这种信访状态。"):
        found = found.filter(state=state)
    asked = request.query_params.get("q", "")
    words = words_for(_words(asked), caller(request))
    if words:
        found = search(found, asked, caller(request)).petitions
    if (before := asked_number(request, "before")) is not None:
        found = found.filter(pk__lt=before)
    shown, following = first_page(found.order_by("-id"))
    why = snippets(shown, words) if words else {}
    return Response({"results": [_summary(one) | _why(why.get(one.pk)) for one in shown], "next": following})


def _words(text: str) -> str:
    if len(text) > LONGEST or "\0" in text:
        raise Refused("invalid", f"q 最多 {LONGEST} 个字。", fields={"q": "太长或有不能识别的字符"}, status=400)
    return text


def _why(snippet: Snippet | None) -> dict[str, str]:
    """The piece around the first hit, for who asked with words."""
    return {"snippet": "".join(text for text, _ in snippet.text)} if snippet else {}


@extend_schema(
    operation_id="petition_read",
    summary="One petition with its clocks and its history",
    responses={200: PetitionSerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_PETITIONS)
def petition(request: Request, number: str) -> HttpResponseBase:
    """Names and telephone numbers are masked. 404 outside the audience, as for a number that does not exist."""
    found = _visible(request, number)
    noted.read(caller(request), "petition.read", subject=number)
    return Response(_petition(found, caller(request)))


@extend_schema(
    operation_id="petition_transition",
    summary="Take one step with a petition",
    request=TransitionSerializer,
    responses={200: StandingSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SEE_PETITIONS)
def transitions(request: Request, number: str) -> HttpResponseBase:
    """`to` names the state to reach or the action. The county office follows up what it cannot read: it supervises."""
    found = _visible(request, number, overseen=True)
    given = sent(TransitionSerializer, request)
    moved = make(found, op_id=given.pop("op_id"), to=given.pop("to"), by=caller(request), sent=given)
    return Response(_state(moved))


def _visible(request: Request, number: str, *, overseen: bool = False) -> Petition:
    if "\0" in number:
        raise Http404
    by = caller(request)
    found = Petition.objects.visible_to(by).select_related("merged_into").filter(number=number).first()
    if found is None and overseen:
        found = Petition.objects.overseen_by(by).filter(number=number).first()
    if not isinstance(found, Petition):
        raise Http404
    return found


def _state(one: Petition) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "seq": one.seq,
        "paused": one.paused,
        "due": _day(one),
        "waits_for": one.waits_for,
    }


def _summary(one: Petition) -> dict[str, Any]:
    names = ("channel", "way", "content", "kind", "title")
    more = {"place": one.place_id, "filed_at": moment(one.filed_at)}
    return _state(one) | {name: getattr(one, name) for name in names} | more


def _petition(one: Petition, by: User) -> dict[str, Any]:
    filer = {"name": mask_name(one.filer_name), "phone": mask_phone(one.filer_phone)}
    return _summary(one) | {
        "text": one.text,
        "filer": filer | {"enterprise": one.enterprise, "people": one.people},
        "merged_into": one.merged_into.number if one.merged_into else None,
        "units": _units(one),
        "clock": _clocks(one),
        "events": _events(one, by),
    }


def _units(one: Petition) -> list[dict[str, Any]]:
    standing = one.assignments.filter(ended_at=None).select_related("department", "division")
    return [{"unit": each.unit, "name": each.unit_name, "lead": each.lead} for each in standing]


def _clocks(one: Petition) -> list[dict[str, Any]]:
    return [
        {
            "key": told.clock.key,
            "label": told.label,
            "start": told.clock.start.isoformat(),
            "due": told.clock.due.isoformat() if told.clock.due else None,
            "ended": told.clock.ended.isoformat() if told.clock.ended else None,
            "late": told.late,
            "days": told.clock.limit,
            "working": told.clock.working,
            "ground": told.clock.ground,
            "basis": basis(told.clock),
            "lines": [line.text for line in told.lines],
        }
        for told in deadlines.explained(one)
    ]


def _events(one: Petition, by: User) -> list[dict[str, Any]]:
    """Every line; what was noted inside only for the petition office and those at work, not for who filed it."""
    inside = Role.PETITION_OFFICE in acts_as(one, by) or is_at_work(one, by)
    return [_event(line, inside) for line in one.events.order_by("seq")]


def _event(line: PetitionEvent, inside: bool) -> dict[str, Any]:
    note = line.note if inside else ""
    line_fields = {name: getattr(line, name) for name in ("seq", "kind", "state", "role", "told")}
    return line_fields | {"note": note, "at": moment(line.at)}


def _day(one: Petition) -> str | None:
    return one.due_on.isoformat() if one.due_on else None
