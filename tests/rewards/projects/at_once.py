"""Several acts at once upon one row, which somebody holds until all of them wait for it."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from households.refusals import Refused
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until


def at_once(row: object, *acts: Callable[[], object]) -> list[object]:
    """All of them asked while somebody holds the row; what each gets, a refusal's code, or the trouble."""
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        rivals = [OtherSession(act) for act in acts]
        for rival in rivals:
            until(lambda rival=rival: rival.pid and held_up(rival))
    return [outcome(rival) for rival in rivals]


def outcome(rival: OtherSession) -> object:
    try:
        return rival.finish()
    except Refused as refusal:
        return refusal.code
    except IntegrityError as trouble:
        return type(trouble).__name__
