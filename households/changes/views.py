"""One household for its staff: what stands, what became of it, and what can be done; each change with its preview."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, household_in_scope, user_of
from households.changes import reads
from households.changes.actions.away import mark_away, mark_back
from households.changes.actions.carrying import carry_out, preview
from households.changes.actions.proposals import propose
from households.changes.forms import ChangeForm, DayForm
from households.changes.plans import last_change, last_ending, term_of
from households.changes.wishes import ChangeWish
from households.confirming.views import with_password
from households.models import ChangeKind, Household, Plate, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import looking
from households.register.phones import masked
from households.register.reads import name_for


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_safe
def household_file(request: HttpRequest, household: str) -> HttpResponse:
    """Everything the register says of one household, as far as its reader sees it."""
    user = user_of(request)
    found = household_in_scope(user, household)
    looking.shown(user, [found.code])
    return render(request, "households/changes/household.html", _facts(found, user))


def _facts(household: Household, user: User) -> dict[str, Any]:
    last = last_ending(household)
    away = reads.sees_away(user, household.code)
    village = household.group.parent
    heirless = last and last.kind == ChangeKind.CLOSE and not last.other_id
    return {
        "household": household,
        "name": name_for(household, user),
        "place": f"{village.name if village else ''} {household.group.name}",
        "phone": masked(household.phone),
        "is_here": household.is_active(timezone.localdate()),
        "ending": last,
        "term": term_of(last) if last and heirless else None,
        "plate": Plate.objects.filter(household=household, revoked_at=None).first(),
        "lines": reads.lines_of(reads.changes_of(household), user),
        "kinds": reads.kinds_for(household, user),
        "does": may(user, Permission.CHANGE_HOUSEHOLDS, at=household.code),
        "may_unmask": may(user, Permission.UNMASK),
        "issues": may(user, Permission.ISSUE_PLATE),
        "spells": list(household.away_spells.all()) if away else [],
        "marks_away": away and may(user, Permission.PROPOSE_CHANGES),
        "today": timezone.localdate(),
    }


@holders_of(Permission.PROPOSE_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_household(request: HttpRequest, household: str, change_kind: str) -> HttpResponse:
    """Fill in, look at what it would do, do it; or ask those who may."""
    found = household_in_scope(user_of(request), household)
    kind = next((one for one in reads.kinds_for(found, user_of(request)) if one == change_kind), None)
    if kind is None:
        if request.method == "POST":  # somebody has changed the household since the page was made
            messages.error(request, "这一户刚刚有人改过，请看现在的情况。")
            return redirect("household-file", found.code)
        raise Http404
    return _turn(request, kind, found)


@holders_of(Permission.PROPOSE_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_household(request: HttpRequest) -> HttpResponse:
    """A household that the register does not know yet; the county brings them by file."""
    if not user_of(request).works_in_village:
        return redirect("import-file", "changes")
    return _turn(request, ChangeKind.ADD, None)


def _turn(request: HttpRequest, kind: ChangeKind, household: Household | None) -> HttpResponse:
    """Looking costs nothing; whoever confirms types their password."""
    return (_confirmed if "confirm" in request.POST else _change)(request, kind, household)


def _change(request: HttpRequest, kind: ChangeKind, household: Household | None) -> HttpResponse:
    user = user_of(request)
    groups = reads.groups_for(user, timezone.localdate(), household.code if household else "")
    known = {"op_id": uuid4(), "seen": last_change(household.code) if household else 0}
    form = ChangeForm(kind, groups, household, request.POST or None, initial=known | _known(kind, household))
    context: dict[str, Any] = {"form": form, "kind": kind, "household": household}
    context["corrects"] = kind is ChangeKind.CORRECT
    context |= {"name": name_for(household, user) if household else ""}
    try:
        if form.is_valid():
            context |= _looked_at(form.wish(), user)
            if "confirm" in request.POST and not context["stops"]:
                return _do(request, form, context["asks"])
    except Refused as refusal:
        context["refusal"] = refusal
    status = context["refusal"].status if "refusal" in context else 422 if form.errors else 200
    if form.is_bound:  # another try is another act, by somebody who has seen how things stand now
        again = request.POST.copy()
        for name, value in known.items():
            again[name] = str(value)
        form.data = again
    return render(request, "households/changes/change.html", context, status=status)


_confirmed = with_password(_change)


def _known(kind: ChangeKind, household: Household | None) -> dict[str, Any]:
    known: dict[str, Any] = {"day": timezone.localdate()}
    if household and kind is ChangeKind.CORRECT:
        known |= {"head_name": household.head_name, "address": household.address}
    return known


def _looked_at(wish: ChangeWish, user: User) -> dict[str, Any]:
    """The preview, and whether the person can only ask for it."""
    asks = not _does(wish, user)
    _plan, effects = preview(wish, by=None if asks else user)
    if asks and not may(user, Permission.PROPOSE_CHANGES, at=wish.household or wish.group):
        raise Refused("outside", "没有这个组，或不在您的管辖范围内。", fields={"group": "没有这个组"}, status=404)
    return {"effects": effects, "stops": any(one.stops for one in effects), "asks": asks, "elsewhere": wish.elsewhere}


def _does(wish: ChangeWish, user: User) -> bool:
    codes = [code for code in (wish.household, wish.other, wish.group) if code]
    return all(may(user, Permission.CHANGE_HOUSEHOLDS, at=code) for code in codes)


def _do(request: HttpRequest, form: ChangeForm, asks: bool) -> HttpResponse:
    user, op_id, wish = user_of(request), form.cleaned_data["op_id"], form.wish()
    if asks:
        propose(op_id=op_id, wish=wish, by=user)
        messages.success(request, "已经提出，办好了在“户籍变更”里看得到。")
        return redirect("household-changes")
    change = carry_out(op_id=op_id, wish=wish, by=user, seen=form.cleaned_data["seen"])
    there = change.other_id if change.kind in (ChangeKind.SPLIT, ChangeKind.MOVE) else change.household_id
    messages.success(request, f"{form.kind.label}已经办好。")
    return redirect("household-file", there)


@holders_of(Permission.PROPOSE_CHANGES)
@require_POST
def away(request: HttpRequest, household: str) -> HttpResponse:
    """They live elsewhere, or are back: whichever the mark does not say yet."""
    user = user_of(request)
    found, form = household_in_scope(user, household), DayForm(request.POST)
    if not form.is_valid():
        raise Refused("day_missing", "请填日期。", fields={"day": "必填"}, status=400)
    if "back" in request.POST:
        mark_back(household=found, until=form.cleaned_data["day"], by=user)
        messages.success(request, "已登记返回。")
    else:
        mark_away(household=found, since=form.cleaned_data["day"], by=user)
        messages.success(request, "已登记外出，只有本村村干部和组长看得到。")
    return redirect("household-file", found.code)
