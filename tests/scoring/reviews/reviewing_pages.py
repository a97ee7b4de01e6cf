"""The pages of a review as a browser asks for them and sends them."""

from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.models import Division
from scoring.reviews.actions.reviewing import exceptions_of
from scoring.reviews.reads import open_sheet
from tests.world import MONTH, VILLAGE, World


def queue(client: Client, month: str = MONTH) -> HttpResponse:
    return client.get(reverse("review", args=[month]))


def sheet_page(client: Client, village: str = VILLAGE, month: str = MONTH) -> HttpResponse:
    return client.get(reverse("review-sheet", args=[month, village]))


def decide(client: Client, world: World, decision: str = "approve", village: Division | None = None, **changes: object):
    sheet = world.sheet(village)
    sent = {
        "op_id": str(uuid4()),
        "seen_version": sheet.version,
        "decision": decision,
        "reason": "",
        "opened": [event.pk for event in exceptions_of(sheet)],
        **{f"found-{one.household.code}": "desk" for one in open_sheet(sheet).sample},
    }
    return client.post(reverse("review-decide", args=[MONTH, sheet.village_id]), sent | changes)
