"""Shapes of what the interface says and takes about the month's calendar."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from scoring.models import AskState
from scoring.models.calendars import MAX_REASON
from scoring.months.calendar import LAST_SAFE_DAY, LEAST_NOTICE_DAYS, MAX_NOTICE_DAYS

MONTH = r"^[0-9]{4}-[0-9]{2}$"


def _day(least: int = 1) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=LAST_SAFE_DAY)


class CalendarSerializer(Shape):
    month = serializers.CharField()
    opens_on = serializers.DateField()
    declare_until = serializers.DateField()
    review_until = serializers.DateField()
    post_from = serializers.DateField()
    post_until = serializers.DateField()
    objections_until = serializers.DateField()
    freeze_on = serializers.DateField()
    redeem_from = serializers.DateField()
    notice_days = serializers.IntegerField(help_text="How long a notice stays readable from its posting on.")
    known = serializers.BooleanField(help_text="Whether the holidays that move its days are arranged already.")


class CalendarSetSerializer(OnceSerializer):
    from_month = serializers.RegexField(MONTH, help_text="Not before the month that runs.")
    entry_until = _day(0)
    review_until = _day()
    post_from = _day()
    post_until = _day()
    objections_until = _day()
    freeze_on = _day()
    redeem_from = _day()
    notice_days = serializers.IntegerField(min_value=LEAST_NOTICE_DAYS, max_value=MAX_NOTICE_DAYS)
    shifts = serializers.BooleanField(help_text="Whether a day moves to the next working day.")
    reason = serializers.CharField(max_length=MAX_REASON)


class VillageMonthSerializer(OnceSerializer):
    month = serializers.RegexField(MONTH)
    village = serializers.CharField(max_length=12)
    reason = serializers.CharField(max_length=MAX_REASON)


class ExtendSerializer(VillageMonthSerializer):
    until = serializers.DateField()


class DecideForceSerializer(OnceSerializer):
    forced = serializers.IntegerField(min_value=1)
    grant = serializers.BooleanField()
    answer = serializers.CharField(required=False, allow_blank=True, max_length=MAX_REASON, default="")


class NumberSerializer(Shape):
    id = serializers.IntegerField()


class ExtendedSerializer(NumberSerializer):
    until = serializers.DateField()


class ForcedSerializer(NumberSerializer):
    state = serializers.ChoiceField(AskState.choices)
