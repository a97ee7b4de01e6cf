"""Which month a room opens by itself: the one in which something is due, not the one in which we happen to live."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from households.codes import Level, village_of
from households.models import Division, Household, User
from households.months import Month, last_day, month_of
from households.scope import Scope, lies_in
from scoring.models import Period, Sheet
from scoring.months.months import calendar_of
from scoring.states import SheetState

MONTHS_SHOWN = 3


def recent_months(today: date) -> list[Month]:
    """This month and the newest ones that were opened, newest first."""
    current = month_of(today)
    opened = Period.objects.filter(month__lt=current).order_by("-month").values_list("month", flat=True)
    return [current, *opened[: MONTHS_SHOWN - 1]]


def month_of_entry(user: User, today: date) -> Month:
    """Whose sheet is filled in: the oldest recent one that the person's village has not declared, else this month's."""
    months = recent_months(today)
    if not user.works_in_village:
        return months[0]
    village = village_of(user.division_id or "")
    signed = Sheet.objects.filter(village=village, period__in=months).exclude(state=SheetState.OPEN)
    done = set(signed.values_list("period_id", flat=True))
    return min((month for month in months if month not in done), default=months[0])


def month_of_review(scope: Scope, today: date) -> Month:
    """The oldest recent month in which something waits for the review, else the last one until its villages are decided."""
    months = recent_months(today)
    waiting = Sheet.objects.within(scope).filter(period__in=months, state=SheetState.DECLARED)
    oldest: Month | None = waiting.order_by("period").values_list("period_id", flat=True).first()
    if oldest or len(months) == 1:
        return oldest or months[0]
    last, place = months[1], next(iter(scope.prefixes), "")
    return last if today <= calendar_of(last, place).review_until or _undecided(scope, last) else months[0]


def _undecided(scope: Scope, month: Month) -> bool:
    """Whether a village with households has not been declared in the month."""
    living = Household.objects.active(last_day(month)).filter(lies_in(OuterRef("code")))
    signed = Sheet.objects.filter(~Q(state=SheetState.OPEN), village=OuterRef("code"), period=month)
    villages = Division.objects.within(scope).active(last_day(month)).of_level(Level.VILLAGE)
    return bool(villages.filter(Exists(living), ~Exists(signed)).exists())
