"""Requests for a correction that wait for the village."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from households.house.waiting import Waiting, named
from households.models import CorrectionRequest, CorrectionState, User
from households.permissions import Permission, may


def waiting(user: User, _today: date) -> Iterator[Waiting]:
    """As many as there are, with the way there."""
    if may(user, Permission.ANSWER_CORRECTIONS):
        open_ones = CorrectionRequest.objects.within(user.scope).filter(state=CorrectionState.OPEN)
        yield from named(30, "户请求更正自己的信息", open_ones, reverse("corrections"))
