"""How near a petition's due day is, as one of six lamps: by condition for lists, by rule for one."""

from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from petitions.clock_types import SOON_DAYS
from petitions.models import Petition
from petitions.states import WITH_FILER, PetitionState


class Lamp(StrEnum):
    LATE = "late"
    SOON = "soon"
    RUNNING = "running"
    PAUSED = "paused"
    FILER = "filer"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The lamp in Chinese."""
        return LAMP_LABELS[self]


LAMP_LABELS: dict[Lamp, str] = {
    Lamp.LATE: "已超期",
    Lamp.SOON: f"{SOON_DAYS} 天内到期",
    Lamp.RUNNING: "在期限内",
    Lamp.PAUSED: "暂停计时",
    Lamp.FILER: "已答复未办结",
    Lamp.ENDED: "已结束",
}


def lamp_condition(lamp: Lamp, today: date) -> Q:
    """Which petitions show this lamp on `today`. Every petition shows exactly one."""
    soon = today + timedelta(days=SOON_DAYS)
    waits = Q(state__in=[*(state for state in PetitionState if state.is_open), PetitionState.CONFIRMED])
    return {
        Lamp.LATE: waits & Q(paused=False, due_on__lt=today),
        Lamp.SOON: waits & Q(paused=False, due_on__gte=today, due_on__lte=soon),
        Lamp.RUNNING: waits & Q(paused=False) & (Q(due_on__gt=soon) | Q(due_on=None)),
        Lamp.PAUSED: waits & Q(paused=True),
        Lamp.FILER: Q(state__in=WITH_FILER),
        Lamp.ENDED: ~waits & ~Q(state__in=WITH_FILER),
    }[lamp]


def lamp_of(petition: Petition, today: date) -> Lamp:
    """The lamp of one petition, by the same rule as `lamp_condition`."""
    return lamp_in(petition.status, petition.paused, petition.due_on, today)


def lamp_in(state: PetitionState, paused: bool, due_on: date | None, today: date) -> Lamp:
    if state in WITH_FILER:
        return Lamp.FILER
    if not state.is_open and state is not PetitionState.CONFIRMED:
        return Lamp.ENDED
    if paused:
        return Lamp.PAUSED
    if due_on is None or due_on > today + timedelta(days=SOON_DAYS):
        return Lamp.RUNNING
    return Lamp.LATE if due_on < today else Lamp.SOON
