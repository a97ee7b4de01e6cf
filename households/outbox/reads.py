"""What a household or a filer was told of late, and what became of messages by kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from households.models import Household, NoSms, OutboxMessage, OutboxState
from households.outbox.codes import codes_of, now_of
from households.outbox.kinds import kind_of
from households.scope import lies_in

SHOWN = 50
SINCE = timedelta(days=30)  # of lists for staff, and of slips


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message in its fixed words, and what became of its SMS."""

    at: datetime
    text: str
    sms: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many messages of a kind stand how, in the order of OutboxState."""

    label: str
    states: list[int]

    @property
    def all(self) -> int:
        return sum(self.states)

    @property
    def by_state(self) -> list[tuple[str, int]]:
        """With the words of each state."""
        return list(zip(OutboxState.labels, self.states, strict=True))


def of_household(code: str) -> list[SentMessage]:
    """The newest first, also what it was told under codes that it had before. Two queries."""
    return list(_in_words(OutboxMessage.objects.filter(household__in=codes_of(code)).order_by("-id")[:SHOWN]))


def of_petition(number: str) -> list[SentMessage]:
    """The newest first. One query."""
    return list(_in_words(OutboxMessage.objects.filter(petition=number).order_by("-id")[:SHOWN]))


def wants_sms(household: str) -> bool:
    """By the household's own word, under whichever of its codes it was given."""
    return not NoSms.objects.filter(household__in=codes_of(household)).exists()


def counts(place: str, *, petitions: bool) -> list[KindCount]:
    """Of the last thirty days below a place; of petitions only for a whole county. Never by household. One query.

    What is quiet is not counted: where it lies would say what it is about.
    """
    told = OutboxMessage.objects.filter(made_at__gte=timezone.now() - SINCE, quiet=False)
    inside = lies_in(place, "household")
    found = told.filter(inside | lies_in(place, "petition") if petitions else inside)
    order = list(OutboxState)
    by_kind: dict[str, list[int]] = {}
    for name, state, number in found.values_list("kind", "state").annotate(Count("pk")).order_by("kind"):
        by_kind.setdefault(name, [0] * len(order))[order.index(OutboxState(state))] = number
    known = {name: kind_of(name) for name in by_kind}
    return [KindCount(kind.label, by_kind[name]) for name, kind in known.items() if kind]


def slips(village: str) -> list[tuple[Household, list[SentMessage]]]:
    """What households of a village were told in thirty days and no SMS brought them, by household. Three queries."""
    living = Household.objects.active(timezone.localdate()).filter(lies_in(village, "code")).select_related("group")
    found = list(living.order_by("pk"))
    now = now_of(one.pk for one in found)
    told = OutboxMessage.objects.filter(household__in=list(now), made_at__gte=timezone.now() - SINCE, quiet=False)
    rows = told.exclude(state=OutboxState.HANDED).order_by("-id")
    by_household: dict[str, list[OutboxMessage]] = {}
    for row in rows:
        by_household.setdefault(now[row.household], []).append(row)
    return [(one, said) for one in found if (said := list(_in_words(by_household.get(one.pk, []))))]


def _in_words(messages: Iterable[OutboxMessage]) -> Iterator[SentMessage]:
    for message in messages:
        if kind := kind_of(message.kind):
            yield SentMessage(message.made_at, kind.text, OutboxState(message.state).label)
