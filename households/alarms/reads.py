"""How alarms lie on the page, those of one rule together; and that they wait."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse

from households.alarms.hearing import alarms_of
from households.house.navigation import NavigationEntry
from households.house.waiting import Waiting, named
from households.models import Alarm, User
from households.months import Month
from households.permissions import Permission, may

SHOWN = 300
WHERES = 10  # of one rule, before it is only said how many more


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """Alarms of one check and rule that stand alike: not yet acknowledged, or acknowledged by one person with one remark."""

    first: Alarm
    alarms: list[Alarm]

    @property
    def wheres(self) -> list[Alarm]:
        return [one for one in self.alarms[:WHERES] if one.where]

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(0, len(self.alarms) - WHERES)

    @property
    def is_gone(self) -> bool:
        """Whether the check finds none of them any more."""
        return all(one.gone_at for one in self.alarms)


def groups(user: User) -> tuple[list[AlarmGroup], list[AlarmGroup]]:
    """(not yet acknowledged, acknowledged and still there). One query."""
    found = alarms_of(user).open().select_related("seen_by").order_by("source", "what", "seen_at", "remark", "where")
    grouped = list(_grouped(found[:SHOWN]))
    return [one for one in grouped if not one.first.seen_at], [one for one in grouped if one.first.seen_at]


def closed(user: User) -> list[AlarmGroup]:
    """The last ones that were acknowledged and are gone. One query."""
    found = alarms_of(user).exclude(gone_at=None).exclude(seen_at=None).select_related("seen_by")
    return list(_grouped(found.order_by("-gone_at", "source", "what", "where")[:WHERES]))


def _grouped(alarms: Iterable[Alarm]) -> Iterator[AlarmGroup]:
    for _key, group in groupby(alarms, key=lambda one: (one.source, one.what, one.seen_at, one.remark)):
        members = list(group)
        yield AlarmGroup(members[0], members)


def waiting(user: User, _today: date) -> Iterator[Waiting]:
    """Those that nobody has put a name to."""
    if may(user, Permission.HEAR_ALARMS):
        yield from named(2, "条核对报警等人知悉", alarms_of(user).unseen(), reverse("alarms"))


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """核对报警."""
    if may(user, Permission.HEAR_ALARMS):
        yield NavigationEntry(81, "核对报警", "alert-triangle", ("alarms",))
