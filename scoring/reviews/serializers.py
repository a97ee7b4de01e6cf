"""Shapes of a township's decision over HTTP."""

from rest_framework import serializers

from households.api import Shape
from scoring.models import Decision
from scoring.shapes import SHEET_STATES
from scoring.sheets.ops import MAX_NOTE

MAX_OPENED = 5000


class ReviewSerializer(Shape):
    op_id = serializers.UUIDField()
    decision = serializers.ChoiceField(Decision.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE, default="")
    opened = serializers.ListField(
        child=serializers.IntegerField(min_value=0), required=False, max_length=MAX_OPENED, default=list
    )


class ReviewAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    decision = serializers.ChoiceField(Decision.choices)
    review = serializers.IntegerField(help_text="Number of the review in the village's history.")
    state = serializers.ChoiceField(SHEET_STATES)
