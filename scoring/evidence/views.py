"""An event with its photos for staff: looking at them, adding one, withdrawing one."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.files.answers import shown
from households.files.photos import made_anew
from households.permissions import Permission
from households.refusals import Refused
from households.register.places import names_of
from scoring.evidence import reads
from scoring.evidence.actions import add_photo, sheet_of, withdraw_photo
from scoring.evidence.forms import EventPhotoForm, PhotoWithdrawForm
from scoring.evidence.rules import MAX_PHOTOS
from scoring.models import ScoreEvent
from scoring.readers import Reader
from scoring.sheets.actions.entries import may_withdraw
from scoring.states import SheetState
from scoring.why.events import event_line
from scoring.why.hands import hands_of

INCOMPLETE = Refused("form", "提交的内容不完整，没有生效。", hint="请按提示补全。", status=400)
seeing = holders_of(Permission.SEE_SHEET)


@seeing
@require_safe
def event(request: HttpRequest, event: int) -> HttpResponse:
    """What was recorded, through which hands it went, and its photos."""
    return _show(request, reads.event_in_reach(user_of(request), event))


@holders_of(Permission.RECORD_EVENT)
@require_POST
def event_photo_add(request: HttpRequest, event: int) -> HttpResponse:
    """Add a photo."""
    found, form = reads.event_in_reach(user_of(request), event), EventPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE, form)
    given = form.cleaned_data
    try:
        add_photo(op_id=given["op_id"], event=found, photo=made_anew(given["photo"]), by=user_of(request))
    except Refused as refusal:
        return _show(request, found, refusal, form)
    messages.success(request, "照片已经加上。")
    return redirect("event", found.pk)


@seeing
@require_safe
def event_photo(request: HttpRequest, event: int, photo: int) -> HttpResponse:
    """One photo, for those who decide and for who recorded; each look is written down."""
    user = user_of(request)
    found = reads.photo_for(user, reads.event_in_reach(user, event), photo)
    return shown(bytes(found.content), f"例外-{found.event_id}-{found.pk}.jpg", private=True)


@holders_of(Permission.RECORD_EVENT)
@require_POST
def event_photo_withdraw(request: HttpRequest, event: int, photo: int) -> HttpResponse:
    """Withdraw one."""
    user, form = user_of(request), PhotoWithdrawForm(request.POST)
    found = reads.event_in_reach(user, event)
    kept = reads.photo_shown(found, photo)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE)
    given = form.cleaned_data
    try:
        withdraw_photo(op_id=given["op_id"], photo=kept, reason=given["reason"], by=user)
    except Refused as refusal:
        return _show(request, found, refusal)
    messages.success(request, "照片已经撤回，不再给人看。")
    return redirect("event", found.pk)


def _show(
    request: HttpRequest, found: ScoreEvent, refusal: Refused | None = None, sent: EventPhotoForm | None = None
) -> HttpResponse:
    user = user_of(request)
    reader = Reader(user)
    photos, sees = reads.photos_of(found), reader.sees_photos(found.code, found.recorded_by)
    standing = [photo for photo in photos if photo.withdrawn_at is None]
    keeps = may_withdraw(found, by=user)
    sheet = sheet_of(found) if keeps and found.withdrawn_at is None else None
    is_open = sheet is not None and sheet.state == SheetState.OPEN
    takes = is_open and len(standing) < MAX_PHOTOS
    context = {
        "event": found,
        "line": event_line(found, found.clause.indicator, reader),
        "place": names_of([found.code])[found.code],
        "hands": hands_of([found], named=reader.scope.covers(found.code))[found.pk],
        "documents": reads.documents_of(found, user),
        "photos": photos if sees else [],
        "hidden": 0 if sees else len(standing),
        "form": (sent or EventPhotoForm(initial={"op_id": uuid4()})) if takes else None,
        "most": MAX_PHOTOS,
        "withdraws": keeps,
        "corrects": is_open,
        "once": PhotoWithdrawForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    return render(request, "scoring/evidence/event.html", context, status=refusal.status if refusal else 200)
