"""Photos of an event over HTTP: which there are, one of them, adding and withdrawing one, as on the event's page."""

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, moment, sent
from households.endpoints import caller, endpoint
from households.files.answers import shown
from households.files.photos import made_anew
from households.models import User
from households.permissions import Permission
from scoring.evidence import reads
from scoring.evidence.actions import add_photo, withdraw_photo
from scoring.evidence.serializers import (
    PhotoAddSerializer,
    PhotoAnswerSerializer,
    PhotosSerializer,
    PhotoWithdrawSerializer,
)
from scoring.models import EventPhoto, ScoreEvent
from scoring.readers import Reader


@extend_schema(
    methods=["GET"],
    operation_id="event_photos",
    summary="Photos of an event",
    responses={200: PhotosSerializer, **errors(401, 403, 404)},
)
@extend_schema(
    methods=["POST"],
    operation_id="event_photo_add",
    summary="Add a photo to an event",
    request={"multipart/form-data": PhotoAddSerializer},
    responses={201: PhotoAnswerSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_SHEET, files=True)
def photos(request: Request, event: int) -> HttpResponseBase:
    """Added by who may take the event back, until the village has signed; the same op_id with the same photo is taken once."""
    user = caller(request)
    found = reads.event_in_reach(user, event)
    return _add(request, found, user) if request.method == "POST" else _listed(found, user)


def _listed(found: ScoreEvent, user: User) -> Response:
    """All that were added, the withdrawn ones without a picture."""
    sees = Reader(user).sees_photos(found.code, found.recorded_by)
    listed = [_as_dict(photo) for photo in reads.photos_of(found)] if sees else []
    return Response({"standing": reads.standing(found), "photos": listed})


def _add(request: Request, found: ScoreEvent, user: User) -> Response:
    given = sent(PhotoAddSerializer, request)
    made = add_photo(op_id=given["op_id"], event=found, photo=made_anew(given["photo"]), by=user)
    return Response({**made, "standing": reads.standing(found)}, status=201)


@extend_schema(
    operation_id="event_photo",
    summary="One photo of an event",
    responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_SHEET)
def photo(request: Request, event: int, photo: int) -> HttpResponseBase:
    """The look is written down, and the household reads of it."""
    user = caller(request)
    found = reads.photo_for(user, reads.event_in_reach(user, event), photo)
    return shown(bytes(found.content), f"例外-{found.event_id}-{found.pk}.jpg", private=True)


@extend_schema(
    operation_id="event_photo_withdraw",
    summary="Withdraw a photo of an event",
    request=PhotoWithdrawSerializer,
    responses={200: PhotoAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RECORD_EVENT)
def withdraw(request: Request, event: int, photo: int) -> HttpResponseBase:
    """In any month, but not while an objection to the event is open. Nothing comes in its place."""
    user = caller(request)
    found = reads.event_in_reach(user, event)
    kept = reads.photo_shown(found, photo)
    done = withdraw_photo(photo=kept, by=user, **sent(PhotoWithdrawSerializer, request))
    return Response({**done, "standing": reads.standing(found)})


def _as_dict(photo: EventPhoto) -> dict[str, object]:
    return {
        "id": photo.pk,
        "at": moment(photo.at),
        "by": photo.by.display_name,
        "withdrawn_at": moment(photo.withdrawn_at),
        "withdraw_reason": photo.withdraw_reason,
    }
