"""Shapes of a township's decision over HTTP."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from scoring.models import Decision, LookFound
from scoring.shapes import SHEET_STATES
from scoring.sheets.ops import MAX_NOTE

MAX_OPENED = 5000
TOWNSHIPS = [(one.value, one.label) for one in (Decision.APPROVE, Decision.RETURN)]


class DrawnFindingSerializer(Shape):
    """A drawn household that was opened, and what was found there."""

    household = serializers.CharField(max_length=18)
    found = serializers.ChoiceField(LookFound.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE, default="")


class OpenedSerializer(Shape):
    op_id = serializers.UUIDField()
    opened = serializers.ListField(
        child=serializers.IntegerField(min_value=0), required=False, max_length=MAX_OPENED, default=list
    )


class ReviewSerializer(OpenedSerializer):
    decision = serializers.ChoiceField(TOWNSHIPS)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE, default="")
    households = DrawnFindingSerializer(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=50,
        help_text="The drawn households. Left out: the review keeps that none of them was opened.",
    )


class LooksSerializer(OpenedSerializer):
    households = DrawnFindingSerializer(many=True, required=False, max_length=50, default=list)  # type: ignore[call-arg]


class LooksAnswerSerializer(Shape):
    events = serializers.ListField(child=serializers.IntegerField(), help_text="Exceptions opened by now.")
    households = serializers.ListField(child=serializers.CharField(), help_text="Drawn households opened by now.")


class ReviewAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    decision = serializers.ChoiceField(Decision.choices)
    review = serializers.IntegerField(help_text="Number of the review in the village's history.")
    state = serializers.ChoiceField(SHEET_STATES)


class RevokeSerializer(OnceSerializer):
    reason = serializers.CharField(max_length=MAX_NOTE)


class TogetherSerializer(OnceSerializer):
    villages = serializers.ListField(child=serializers.CharField(max_length=12), min_length=1, max_length=60)


class ResultSerializer(Shape):
    village = serializers.CharField()
    status = serializers.ChoiceField(["approved", "refused"])
    reason = serializers.CharField()


class TogetherAnswerSerializer(Shape):
    results = ResultSerializer(many=True)


class DrawSerializer(Shape):
    """What a draw hangs on and which households it gave; anybody works it out again from these."""

    published_root = serializers.CharField()
    published = serializers.DateField(allow_null=True, help_text="The day of the root; none before there was one.")
    seed = serializers.CharField()
    households = serializers.ListField(child=serializers.CharField())


class ToReviewSerializer(Shape):
    state = serializers.ChoiceField(SHEET_STATES)
    exceptions = serializers.ListField(child=serializers.IntegerField())
    draw = DrawSerializer(allow_null=True)
    looked = LooksAnswerSerializer()
