"""What a household has in points, behind its plate: every entry in words, what lapses when, and the proof of it all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.files.answers import json_file
from households.models import Plate
from households.plates.audience import of_readers
from scoring.ledger import door as ledger
from scoring.ledger.proofs import proof_of
from scoring.points import villager as villager_points


@of_readers
@require_safe
def household_points(request: HttpRequest, plate: Plate) -> HttpResponse:
    """The household's account."""
    page = villager_points.page_of(ledger.household(plate.household_id))
    context = {"plate": plate, "token": plate.token, "village": plate.household.group.parent, "page": page}
    return render(request, "scoring/points/villager.html", context)


@of_readers
@require_safe
def household_proof(request: HttpRequest, plate: Plate) -> HttpResponse:
    """The proof as a file: the household's own rows and nobody else's."""
    proof = proof_of(ledger.household(plate.household_id))
    return json_file(proof, f"积分证明-{plate.household_id}-{proof['day']}.json")
