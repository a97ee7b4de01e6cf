"""The residents' choice for the staff: opened, paper handed out, keyed and read again, published. No page shows who chose what."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.fields import asked_within
from households.models import Household
from households.operations import once
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from rewards.models import Ballot, Slip
from rewards.pictures import pictures
from rewards.projects.actions.ballots import call_off, check_slip, hand_out_slip, key_slip, open_ballot, settle_ballot
from rewards.projects.ballot_pages import on_paper, slips_of, view_of
from rewards.projects.forms_ballots import BallotForm, HouseholdForm, OffForm, SlipForm
from rewards.projects.place import ballot_in_scope, village_in_reach

MAX_SLIPS = 800  # at one time; the largest villages have as many households


@holders_of(Permission.RUN_PROJECTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_new(request: HttpRequest, village: str) -> HttpResponse:
    """Ask the village's households which needs come first."""
    place, user = village_in_reach(request, village), user_of(request)
    form = BallotForm(place.code, request.POST or None, initial={"op_id": uuid4()})
    refusal = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> dict[str, Any]:
            ballot = open_ballot(
                village=place,
                title=data["title"],
                projects=list(data["projects"]),
                picks=data["picks"],
                places=data["places"],
                closes_at=form.closes_at(),
                by=user,
            )
            return {"ballot": ballot.pk}

        payload = {name: data[name] for name in ("title", "picks", "places", "closes_on")}
        payload["projects"] = sorted(project.pk for project in data["projects"])
        try:
            answer = once(op_id=data["op_id"], by=user, kind="ballot.open", payload=payload, act=act)
            messages.success(request, "已经开始。村民扫户牌就能选。")
            return redirect("ballot", answer["ballot"])
        except Refused as refused:
            refusal = refused
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(
        request, "rewards/projects/ballot_new.html", {"village": place, "form": form, "refusal": refusal}, status=status
    )


@holders_of(Permission.SEE_PROJECTS)
@require_safe
def ballot(request: HttpRequest, ballot: int) -> HttpResponse:
    """How many have spoken; after the end the result; for those who run it, the paper."""
    return _show(request, ballot_in_scope(request, ballot))


def _show(request: HttpRequest, found: Ballot, refusal: Refused | None = None, **forms: Any) -> HttpResponse:
    user = user_of(request)
    runs = may(user, Permission.RUN_PROJECTS, at=found.village_id)
    reads = runs or may(user, Permission.ACCEPT_PROJECTS, at=found.village_id)
    slips = slips_of(found) if reads else []
    context = {
        "view": view_of(found),
        "ballot": found,
        "runs": runs,
        "reads": reads,
        "slips": slips,
        "waiting": any(line.waits for line in slips),
        "paper": on_paper(found) if runs else [],
        "household_form": forms.get("household_form") or HouseholdForm(),
        "slip_form": forms.get("slip_form") or SlipForm(found),
        "check_form": forms.get("check_form") or SlipForm(found, auto_id="check-%s"),
        "off_form": OffForm(),
        "refusal": refusal,
        "user": user,
    }
    faulty = any(form.errors for form in forms.values())
    status = refusal.status if refusal else 422 if faulty else 200
    return render(request, "rewards/projects/ballot.html", context, status=status)


def _acted(request: HttpRequest, found: Ballot, act: Callable[[], object], done: str, **forms: Any) -> HttpResponse:
    """Do it and show the ballot again, or say why not; forms that came back with a fault are shown with it."""
    if any(not form.is_valid() for form in forms.values()):
        return _show(request, found, **forms)
    try:
        act()
    except Refused as refusal:
        return _show(request, found, refusal, **forms)
    messages.success(request, done)
    return redirect("ballot", found.pk)


@holders_of(Permission.RUN_PROJECTS)
@require_POST
def ballot_paper(request: HttpRequest, ballot: int) -> HttpResponse:
    """A household takes a paper slip."""
    found, form = ballot_in_scope(request, ballot), HouseholdForm(request.POST)

    def act() -> None:
        household = _household(found, form.cleaned_data["household"])
        hand_out_slip(ballot=found, household=household, by=user_of(request))

    return _acted(request, found, act, "领票已登记。", household_form=form)


def _household(ballot: Ballot, typed: str) -> Household:
    """The household of the village by its number, whole or its last six digits."""
    digits = "".join(typed.split())
    code = digits if len(digits) == 18 else f"{ballot.village_id}{digits}"
    found = Household.objects.filter(lies_in(ballot.village_id), code=code).first()
    if found is None:
        raise Refused("household_unknown", f"村里没有编号是“{typed[:18]}”的户。", hint="请核对户编号后 6 位。")
    return found


@holders_of(Permission.RUN_PROJECTS)
@require_POST
def ballot_slip(request: HttpRequest, ballot: int) -> HttpResponse:
    """Key a slip from the box."""
    found, user = ballot_in_scope(request, ballot), user_of(request)
    form = SlipForm(found, request.POST, request.FILES)

    def act() -> None:
        photo = form.cleaned_data["photo"]
        picture = pictures.keep(photo, private_to=found.village_id, by=user) if photo else None
        key_slip(ballot=found, number=form.cleaned_data["number"], picks=form.chosen(), picture=picture, by=user)

    return _acted(request, found, act, "这张票已录入，等另一个人核对。", slip_form=form)


@holders_of(Permission.SEE_PROJECTS)
@require_POST
def ballot_check(request: HttpRequest, ballot: int) -> HttpResponse:
    """A second person reads a slip: a cadre or a supervisor of the village."""
    found, user = ballot_in_scope(request, ballot), user_of(request)
    rights = (Permission.RUN_PROJECTS, Permission.ACCEPT_PROJECTS)
    if not any(may(user, right, at=found.village_id) for right in rights):
        raise PermissionDenied
    form = SlipForm(found, request.POST, auto_id="check-%s")

    def act() -> None:
        slip = check_slip(slip=_slip(found, form.cleaned_data["number"]), picks=form.chosen(), by=user)
        if slip.struck_at:
            messages.warning(request, f"{slip.number} 号票两次录的不一样，已划去，请重新录入。")

    return _acted(request, found, act, "已核对。", check_form=form)


def _slip(ballot: Ballot, number: int) -> Slip:
    found = ballot.slips.filter(number=number, struck_at__isnull=True).first()
    if found is None:
        raise Refused("slip_unknown", f"还没有录过 {number} 号票。", hint="请核对票号。")
    return found


@holders_of(Permission.RUN_PROJECTS)
@require_POST
def ballot_settle(request: HttpRequest, ballot: int) -> HttpResponse:
    """Count and publish."""
    found = ballot_in_scope(request, ballot)
    return _acted(request, found, lambda: settle_ballot(ballot=found, by=user_of(request)), "结果已公布。")


@holders_of(Permission.RUN_PROJECTS)
@require_POST
def ballot_off(request: HttpRequest, ballot: int) -> HttpResponse:
    """Call it off with a reason."""
    found, form = ballot_in_scope(request, ballot), OffForm(request.POST)

    def act() -> None:
        call_off(ballot=found, reason=form.cleaned_data["reason"], by=user_of(request))

    return _acted(request, found, act, "这次选择已作废。", off_form=form)


@holders_of(Permission.RUN_PROJECTS)
@require_safe
def ballot_print(request: HttpRequest, ballot: int) -> HttpResponse:
    """Paper slips to print and cut, numbered from 1: as many as are asked for."""
    found = ballot_in_scope(request, ballot)
    wanted = asked_within(request.GET.get("slips", "8"), 1, MAX_SLIPS)
    if wanted is None:
        raise Http404
    context = {"view": view_of(found), "ballot": found, "numbers": range(1, wanted + 1)}
    return render(request, "rewards/projects/ballot_slips.html", context)
