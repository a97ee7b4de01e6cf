"""Shapes of alarms over HTTP."""

from rest_framework import serializers

from households.alarms.actions import MAX_REMARK
from households.api import Shape
from households.models import AlarmKind

ALARM_STATES = [("unseen", "没有人知悉"), ("seen", "有人知悉，还没有消除"), ("closed", "知悉并已消除")]
ALARM_KINDS = [(kind.value, kind.label) for kind in AlarmKind]


class AlarmSerializer(Shape):
    """One finding of one check. It says no figure and no name of anybody whom it concerns."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(ALARM_STATES)
    kind = serializers.ChoiceField(ALARM_KINDS)
    check = serializers.CharField(help_text="The job that found it.")
    what = serializers.CharField(help_text="The rule that does not hold.")
    where = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True, help_text="The code it concerns; empty for all counties.")
    found_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When the check found it no more.")
    seen_by = serializers.CharField(allow_blank=True, help_text="Who answers for it.")
    seen_at = serializers.DateTimeField(allow_null=True)
    remark = serializers.CharField(allow_blank=True)


class AlarmsSerializer(Shape):
    alarms = AlarmSerializer(many=True)
    until = serializers.IntegerField(
        allow_null=True, help_text="Ask for those before this one; null when these are all."
    )


class AcknowledgeSerializer(Shape):
    remark = serializers.CharField(max_length=MAX_REMARK, help_text="What is being done about it.")
    together = serializers.BooleanField(default=False, help_text="For all of the same check and rule at once.")


class AcknowledgedSerializer(Shape):
    seen = serializers.IntegerField(help_text="How many alarms the caller answers for now.")
