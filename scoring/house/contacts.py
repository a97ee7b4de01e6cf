"""What stands against households this month, for those who look after them. 零非访 is nobody's to tell."""

from collections.abc import Iterator, Sequence
from datetime import date

from households.contacts.news import HouseholdNews
from households.months import month_of
from scoring.models import ScoreEvent
from scoring.rules import Kind
from scoring.schemes.redlines import PETITION


def news(households: Sequence[str], today: date) -> Iterator[HouseholdNews]:
    """Deductions and reminders of the month under way that were not taken back. One query."""
    events = ScoreEvent.objects.filter(code__in=households, period=month_of(today), withdrawn_at=None)
    events = events.filter(kind__in=[Kind.DEDUCT, Kind.REMIND]).exclude(clause__indicator__code=PETITION)
    for event in events.select_related("clause").order_by("date", "pk"):
        what = f"扣 {event.points} 分" if event.kind == Kind.DEDUCT else "提醒"
        pending = "" if event.confirmed_at else "，等第二人确认"
        yield HouseholdNews(
            event.code, f"{event.date.month}月{event.date.day}日 {event.clause.text}（{what}{pending}）"
        )
