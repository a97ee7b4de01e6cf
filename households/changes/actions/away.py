"""Who lives away (外出): a private mark for entry and contact. No figure asks for it, no public page shows it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import AwaySpell, Household, User
from households.permissions import Permission, may
from households.refusals import Refused


@transaction.atomic
def mark_away(*, household: Household, since: date, by: User) -> AwaySpell:
    """The household lives elsewhere since a day."""
    _check_may(household, by)
    _check_day(since)
    try:
        with transaction.atomic():
            spell = AwaySpell.objects.create(household=household, since=since, by=by)
    except IntegrityError as fault:
        raise Refused("away_already", "这一户已经登记外出。", status=409) from fault
    audit.record(by, "household.away", place=household.code)
    return spell


@transaction.atomic
def mark_back(*, household: Household, until: date, by: User) -> AwaySpell:
    """They are back since a day."""
    _check_may(household, by)
    _check_day(until)
    spell = AwaySpell.objects.select_for_update().filter(household=household, until=None).first()
    if spell is None:
        raise Refused("not_away", "这一户没有登记外出。", status=409)
    if until < spell.since:
        raise Refused("day_before", "返回的日子早于外出的日子。", fields={"day": "太早"})
    spell.until, spell.ended_by = until, by
    spell.save(update_fields=["until", "ended_by"])
    audit.record(by, "household.back", place=household.code)
    return spell


def _check_may(household: Household, by: User) -> None:
    if not may(by, Permission.PROPOSE_CHANGES, at=household.code) or county_of(household.code) == by.division_id:
        raise Refused("not_yours", "外出由本村村干部和组长登记。", status=403)


def _check_day(day: date) -> None:
    if day > timezone.localdate():
        raise Refused("day_in_future", "日期还没有到。", fields={"day": "还没有到"})
