"""A village's plates, for its cadre: who has one, issuing, replacing, revoking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, household_in_scope, user_of
from households.codes import Level
from households.files import qr
from households.files.answers import attachment
from households.models import Division, Household, Plate
from households.operations import Answer, once
from households.permissions import Permission
from households.plates import reads as reading
from households.plates import slips
from households.plates.actions.batches import issue_missing
from households.plates.actions.pins import renew_pin
from households.plates.actions.plates import issue_plate, revoke_plate, unlock_plate
from households.plates.forms import FindPlateForm, IssueForm, RevokeForm
from households.refusals import Refused
from households.register import looking

PER_PAGE = 50
IMAGES: dict[str, Callable[[str], bytes | str]] = {"png": qr.png, "svg": qr.svg}
cadres = holders_of(Permission.ISSUE_PLATE)


@cadres
@require_safe
def plates(request: HttpRequest) -> HttpResponse:
    """The village's households by group, and who has a plate."""
    village, today = village_of(request), timezone.localdate()
    groups = reading.group_counts(village.code, today)
    form = FindPlateForm([(group.code, group.name) for group in groups], request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = reading.households_with_plates(village.code, today, **wanted)
    chosen = [group for group in groups if wanted.get("group") in ("", None, group.code)]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    looking.shown(user_of(request), [one.code for one in page])
    context = {
        "form": form,
        "page": page,
        "households": sum(group.households for group in chosen),
        "missing": sum(group.missing for group in chosen),
        "group": chosen[0] if wanted.get("group") and chosen else None,
        "now": timezone.now(),
    }
    return render(request, "households/plates/list.html", context)


@cadres
@require_POST
def issue_plates(request: HttpRequest) -> HttpResponse:
    """Plates for every household of the village, or of one group, that has none; then the page to print."""
    village, form = village_of(request), _issue_form(request)

    def act() -> list[slips.PlateSlip]:
        issued = issue_missing(village=village, group=form["group"], by=user_of(request))
        groups = Household.objects.select_related("group").in_bulk([plate.household_id for plate, _ in issued])
        return [_slip(groups[plate.household_id], plate, pin) for plate, pin in issued]

    return _print_once(request, form, "plates.missing", act)


@cadres
@require_safe
def plate_of(request: HttpRequest, household: str) -> HttpResponse:
    """One household's plate and what can be done about it."""
    return _show(request, household_in_scope(user_of(request), household))


@cadres
@require_POST
def new_plate(request: HttpRequest, household: str) -> HttpResponse:
    """A plate for one household; the one it had is revoked."""
    found = household_in_scope(user_of(request), household)

    def act() -> list[slips.PlateSlip]:
        plate, pin = issue_plate(household=found, by=user_of(request))
        return [_slip(found, plate, pin)]

    return _print_once(request, _issue_form(request), f"plates.new.{found.code}", act)


@cadres
@require_POST
def new_plate_pin(request: HttpRequest, household: str) -> HttpResponse:
    """A new PIN for the plate that hangs: the old one was forgotten, or is known to others."""
    found = household_in_scope(user_of(request), household)
    plate = _plate_or_404(found)

    def act() -> list[slips.PlateSlip]:
        return [_slip(found, plate, renew_pin(plate=plate, by=user_of(request)))]

    return _print_once(request, _issue_form(request), f"plates.pin.{found.code}", act)


@cadres
@require_POST
def unlock(request: HttpRequest, household: str) -> HttpResponse:
    """Open a plate that wrong PINs have locked; the household's own PIN stays as it is."""
    found = household_in_scope(user_of(request), household)
    unlock_plate(plate=_plate_or_404(found), by=user_of(request))
    messages.success(request, "户牌已解锁，这一户用自己的密码马上能进。")
    return redirect("plate-of", found.code)


@cadres
@require_POST
def revoke(request: HttpRequest, household: str) -> HttpResponse:
    """Make a plate useless, with a reason."""
    found = household_in_scope(user_of(request), household)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    revoke_plate(plate=_plate_or_404(found), reason=form.cleaned_data["reason"], by=user_of(request))
    messages.success(request, "户牌已作废，扫它的人看不到任何内容。")
    return redirect("plate-of", found.code)


@cadres
@require_safe
def plate_image(request: HttpRequest, household: str, form: str) -> HttpResponse:
    """The code of a household's plate as a file, for whoever makes plates of metal or enamel."""
    plate = _plate_or_404(household_in_scope(user_of(request), household))
    if form not in IMAGES:
        raise Http404
    return attachment(IMAGES[form](qr.address(plate.token)), f"{plate.household_id}.{form}")


def _print_once(request: HttpRequest, form: dict[str, Any], kind: str, act: Any) -> HttpResponse:
    """Run `act` once for the form's id and lead to the slips it made; a second press leads to the same ones."""
    user = user_of(request)

    def answer() -> Answer:
        return {"batch": slips.keep(act(), by=user)}

    done = once(op_id=form["op_id"], by=user, kind=kind[:30], payload=[kind, form["group"]], act=answer)
    return redirect("plate-slips", done["batch"])


def _issue_form(request: HttpRequest) -> dict[str, Any]:
    form = IssueForm(request.POST)
    if not form.is_valid():
        raise Refused("form", "提交的内容不完整，没有生效。", hint="请退回上一页再试。", status=400)
    return form.cleaned_data


def _show(request: HttpRequest, household: Household, form: RevokeForm | None = None) -> HttpResponse:
    plate = _plate(household)
    looking.shown(user_of(request), [household.code])
    context = {
        "household": household,
        "plate": plate,
        "image": qr.data_uri(qr.address(plate.token)) if plate else "",
        "form": form or RevokeForm(),
        "now": timezone.now(),
    }
    return render(request, "households/plates/page.html", context, status=422 if form else 200)


def _slip(household: Household, plate: Plate, pin: str) -> slips.PlateSlip:
    return slips.PlateSlip(household.code, household.group.name, plate.token, pin)


def village_of(request: HttpRequest) -> Division:
    """The village that the cadre works for, or 404."""
    user = user_of(request)
    return division_in_scope(user, user.division_id or "", Level.VILLAGE)


def _plate(household: Household) -> Plate | None:
    return Plate.objects.filter(household=household, revoked_at=None).first()


def _plate_or_404(household: Household) -> Plate:
    plate = _plate(household)
    if plate is None:
        raise Http404
    return plate
