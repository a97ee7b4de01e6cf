"""Objections for those who rule on them, key them in, or object themselves: the list, one of them, and its steps."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, public, user_of
from households.codes import Level
from households.fields import OnceForm
from households.files.answers import attachment, shown
from households.models import User
from households.operations import Answer
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.models import EventPhoto, Objection, ObjectionPhoto
from scoring.objection_states import OPEN, ObjectionAction
from scoring.objections import letters, reads
from scoring.objections.actions import moving
from scoring.objections.actions.ruling import rule
from scoring.objections.forms import RulingForm
from scoring.objections.reads import ObjectionLine, lines_of, objections_of

PER_PAGE = 50
INCOMPLETE = Refused("form", "提交的内容不完整，没有生效。", hint="请按提示补全。", status=400)
seeing = holders_of(Permission.SEE_OBJECTIONS)


@seeing
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what else is open, and what is over; `?village=` of one village alone."""
    user = user_of(request)
    asked = request.GET.get("village", "")
    village = division_in_scope(user, asked, Level.VILLAGE) if asked else None
    only = {"village": village} if village else {}
    mine = list(reads.waiting_for(user).filter(**only).order_by("due_on", "pk")[:PER_PAGE])
    others = objections_of(user).filter(state__in=OPEN, **only).exclude(pk__in=[one.pk for one in mine])
    open_ones = list(others.order_by("due_on", "pk")[:PER_PAGE])
    over = Paginator(objections_of(user).filter(**only).exclude(state__in=OPEN), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = lines_of([*mine, *open_ones, *over.object_list], user)
    context = {
        "village": village,
        "mine": lines[: len(mine)],
        "open": lines[len(mine) : len(mine) + len(open_ones)],
        "over": lines[len(mine) + len(open_ones) :],
        "page": over,
        "files": may(user, Permission.FILE_OBJECTION),
    }
    return render(request, "scoring/objections/list.html", context)


@seeing
@require_safe
def objection(request: HttpRequest, objection: int) -> HttpResponse:
    """One objection: what was said, its steps, and what the reader may do."""
    return _show(request, _objection_or_404(request, objection))


@holders_of(Permission.HEAR_OBJECTION)
@require_POST
def objection_rule(request: HttpRequest, objection: int) -> HttpResponse:
    """Rule on it."""
    found = _objection_or_404(request, objection)
    form = _ruling_form(found, request, request.POST)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE, form)
    try:
        answer = rule(op_id=form.cleaned_data["op_id"], objection=found.pk, ruling=form.ruling(), by=user_of(request))
    except Refused as refusal:
        return _show(request, _objection_or_404(request, objection), refusal, form)
    messages.success(request, _told(answer))
    return redirect("objection", found.pk)


def _told(answer: Answer) -> str:
    if answer["adjustment"]:
        return "已裁定成立。这个月已经锁定，更正已经报县六零办，等第二个人批准。"
    if answer["state"] == "upheld":
        return "已裁定成立，记录已经更正，各级结果几分钟内重新算好。"
    return "已裁定不成立，提出的人看得到理由。"


@holders_of(Permission.HEAR_OBJECTION)
@require_POST
def objection_hand_on(request: HttpRequest, objection: int) -> HttpResponse:
    """The village hands it on."""
    return _step(request, objection, moving.hand_on, "已经转上级复核。")


@holders_of(Permission.FILE_OBJECTION)
@require_POST
def objection_appeal(request: HttpRequest, objection: int) -> HttpResponse:
    """Taken further, by who objected or for a household that asks for it on paper."""
    return _step(request, objection, moving.appeal, "已经请求复核。")


@holders_of(Permission.FILE_OBJECTION)
@require_POST
def objection_withdraw(request: HttpRequest, objection: int) -> HttpResponse:
    """Taken back by who objected."""
    return _step(request, objection, moving.withdraw, "已经撤回。")


def _step(request: HttpRequest, objection: int, act: Callable[..., object], told: str) -> HttpResponse:
    found, form = _objection_or_404(request, objection), OnceForm(request.POST)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE)
    try:
        act(op_id=form.cleaned_data["op_id"], objection=found.pk, by=user_of(request))
    except Refused as refusal:
        return _show(request, _objection_or_404(request, objection), refusal)
    messages.success(request, told)
    return redirect("objection", found.pk)


@seeing
@require_safe
def objection_letter(request: HttpRequest, objection: int) -> HttpResponse:
    """Receipt or ruling, to hand over."""
    found = _objection_or_404(request, objection)
    return attachment(letters.letter(found), f"异议-{found.number}.pdf", private=True)


@seeing
@require_safe
def objection_photo(request: HttpRequest, objection: int) -> HttpResponse:
    """The photo of the paper, for those who read what stands on it."""
    found = _objection_or_404(request, objection)
    [line] = lines_of([found], user_of(request))
    photo = ObjectionPhoto.objects.filter(objection=found).first() if line.text else None
    if photo is None:
        raise Http404
    return shown(bytes(photo.content), f"异议-{found.number}.jpg", private=True)


@public
@require_safe
def objection_form(request: HttpRequest) -> HttpResponse:
    """The form to fill in by hand."""
    return attachment(letters.blank_form(), "六零积分异议申请表.pdf")


def _ruling_form(found: Objection, request: HttpRequest, data: Any = None) -> RulingForm:
    clauses = [] if found.event_id else reads.bonus_clauses(found, user_of(request))
    return RulingForm(found, clauses, data, initial={"op_id": uuid4()})


def _show(
    request: HttpRequest, found: Objection, refusal: Refused | None = None, sent: RulingForm | None = None
) -> HttpResponse:
    user = user_of(request)
    [line] = lines_of([found], user)
    files = may(user, Permission.FILE_OBJECTION)
    context = {
        "line": line,
        "one": found,
        "ruling": (sent or _ruling_form(found, request)) if line.hears else None,
        "effects": reads.effects_if_upheld(found) if line.hears else [],
        "hands_on": line.hears and ObjectionAction.HAND_ON in line.acts,
        "appeals": files and _may_take(user, found, line, ObjectionAction.APPEAL),
        "withdraws": files and _may_take(user, found, line, ObjectionAction.WITHDRAW),
        "of_household": reads.is_own(found),
        "has_photo": bool(line.text) and found.photos.exists(),
        "photos": EventPhoto.objects.filter(event=found.event_id, withdrawn_at=None).count() if found.event_id else 0,
        "once": OnceForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    return render(request, "scoring/objections/page.html", context, status=refusal.status if refusal else 200)


def _may_take(user: User, found: Objection, line: ObjectionLine, action: ObjectionAction) -> bool:
    return action in line.acts and moving.speaks(found, action, user)


def _objection_or_404(request: HttpRequest, number: int) -> Objection:
    found = objections_of(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
