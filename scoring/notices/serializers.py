"""Shapes of the notice over HTTP."""

from rest_framework import serializers

from households.api import Shape
from scoring.states import SHEET_LABELS, SheetState

NOTICE_STATES = [(state.value, SHEET_LABELS[state]) for state in (SheetState.POSTED, SheetState.FROZEN)]


class NoticeLineSerializer(Shape):
    name = serializers.CharField(help_text="The surname alone: 张*.")
    score = serializers.IntegerField(help_text="0 to 120.")
    six_zero = serializers.BooleanField(help_text="All six zeros kept.")


class NoticeGroupSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    households = NoticeLineSerializer(many=True)


class NoticeSerializer(Shape):
    month = serializers.CharField()
    village = serializers.CharField()
    name = serializers.CharField()
    township = serializers.CharField(
        allow_blank=True, help_text="The name of its township, as it was called in that month."
    )
    state = serializers.ChoiceField(NOTICE_STATES)
    forced = serializers.BooleanField(help_text="Frozen before the calendar would have.")
    posted_on = serializers.DateField()
    post_until = serializers.DateField(help_text="The last day on the board.")
    objections_until = serializers.DateField(help_text="The last day to object.")
    takes_objections = serializers.BooleanField(help_text="Whether an objection filed today is in time.")
    readable_until = serializers.DateField(help_text="The last day on which everybody reads it.")
    scheme = serializers.CharField(help_text="The rules of the month: /rules/CODE/.")
    households = serializers.IntegerField(min_value=0)
    six_zero_households = serializers.IntegerField(min_value=0)
    result = serializers.CharField(allow_blank=True)
    as_of = serializers.DateTimeField(allow_null=True)
    spoken = serializers.CharField(help_text="What the village loudspeaker reads out today; it names nobody.")
    groups = NoticeGroupSerializer(many=True)
