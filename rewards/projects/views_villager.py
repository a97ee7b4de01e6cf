"""A household's own page of the village's projects: choose what comes first, see how it ended. Works without scripts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.codes import village_of
from households.fields import row_id
from households.models import Plate
from households.plates.audience import of_household
from households.refusals import Refused
from rewards.models import VoiceChannel
from rewards.projects.actions.ballots import choose
from rewards.projects.ballot_pages import newest_for, view_of, voice_of
from rewards.projects.public import projects_of_village


@of_household
@require_http_methods(["GET", "HEAD", "POST"])
def villager_projects(request: HttpRequest, plate: Plate) -> HttpResponse:
    """What is proposed, with cost and picture. Choosing the same twice changes nothing, so it needs no operation id."""
    if request.method != "POST":
        return _page(request, plate)
    try:
        _choose(request, plate)
    except Refused as refusal:
        return _page(request, plate, refusal)
    messages.success(request, "已记下您家的选择。截止以前可以改。")
    return redirect("villager-projects", plate.token)


def _choose(request: HttpRequest, plate: Plate) -> None:
    ballot = newest_for(plate.household)
    if ballot is None or str(ballot.pk) != request.POST.get("ballot"):
        raise Refused("ballot_gone", "这次选择已经变了，没有记下。", hint="请看下面最新的内容。", status=409)
    picks = [pick for text in request.POST.getlist("pick") if (pick := row_id(text)) is not None]
    choose(ballot=ballot, household=plate.household, picks=picks)


def _page(request: HttpRequest, plate: Plate, refusal: Refused | None = None) -> HttpResponse:
    ballot = newest_for(plate.household)
    voice = voice_of(ballot, plate.household) if ballot else None
    view = view_of(ballot) if ballot else None
    # While a choice is open its options stand above already.
    left_out = {line.option.project_id for line in view.options} if view and view.open else set()
    context = {
        "token": plate.token,
        "village": plate.household.group.parent,
        "view": view,
        "voice": voice,
        "on_paper": voice is not None and voice.channel == VoiceChannel.PAPER,
        "of_record": ballot is not None and plate.household_id in ballot.households,
        "projects": projects_of_village(village_of(plate.household_id), left_out=left_out),
        "refusal": refusal,
    }
    return render(request, "rewards/projects/villager.html", context, status=refusal.status if refusal else 200)
