"""Letters as PDF: for the staff with the filer's name masked or, by the petition office, in full; for the filer their own."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, public, user_of
from households.files.answers import attachment
from households.models import Plate
from households.permissions import Permission
from households.plates.audience import of_household
from households.refusals import Refused
from petitions.filing import household_page
from petitions.filing import sessions as follow_sessions
from petitions.letters import letters
from petitions.models import Petition
from petitions.sight import petition_in_sight
from petitions.steps.handling import unmask


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def petition_letter(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """A letter with the filer's name masked, for those who may read the petition."""
    return _answer(petition_in_sight(request, number), seq, full_name=False)


@holders_of(Permission.ROUTE_PETITIONS)
@require_POST
def petition_letter_to_hand_over(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """A letter with the full name, to be handed over: written into the history like every look at who filed."""
    petition = petition_in_sight(request, number)
    written = _written(petition, seq, full_name=True)
    try:
        unmask(op_id=uuid4(), petition=petition, by=user_of(request), note=f"打印《{written.title}》送交来信人")
    except Refused as refusal:
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain; charset=utf-8")
    return _file(petition, seq, written)


@public
@require_safe
def petition_follow_letter(request: HttpRequest, seq: int) -> HttpResponse:
    """A letter of the petition that number and code opened; without a session to the door."""
    petition = follow_sessions.petition_in_session(request)
    return _answer(petition, seq, full_name=True) if petition else redirect("petition-follow")


@of_household
@require_safe
def household_petition_letter(request: HttpRequest, plate: Plate, number: str, seq: int) -> HttpResponse:
    """A letter of one of the household's own petitions; 404 for every other one."""
    petition = household_page.of_household(plate).filter(number=number).first()
    if petition is None:
        raise Http404
    return _answer(petition, seq, full_name=True)


def _answer(petition: Petition, seq: int, *, full_name: bool) -> HttpResponse:
    return _file(petition, seq, _written(petition, seq, full_name=full_name))


def _written(petition: Petition, seq: int, *, full_name: bool) -> letters.Letter:
    try:
        return letters.letter(petition, seq, full_name=full_name)
    except Refused as refusal:
        raise Http404 from refusal


def _file(petition: Petition, seq: int, written: letters.Letter) -> HttpResponse:
    return attachment(letters.pdf(written), f"{petition.number}-{seq:02d}.pdf", private=True)


urlpatterns: list[URLPattern] = [
    path("petitions/<petition_number:number>/letters/<int:seq>/", petition_letter, name="petition-letter"),
    path(
        "petitions/<petition_number:number>/letters/<int:seq>/hand-over/",
        petition_letter_to_hand_over,
        name="petition-letter-hand-over",
    ),
    path("petitions/follow/letters/<int:seq>/", petition_follow_letter, name="petition-follow-letter"),
    path(
        "h/<str:token>/petitions/<petition_number:number>/letters/<int:seq>/",
        household_petition_letter,
        name="household-petition-letter",
    ),
]
