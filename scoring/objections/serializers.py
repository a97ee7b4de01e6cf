"""Shapes of objections over HTTP."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from scoring.objection_states import ObjectionState, ObjectionWay
from scoring.objections.actions.steps import MAX_WORDS
from scoring.reasons import RULING_CHOICES
from scoring.sheets.ops import MAX_DOCUMENT

# Named in settings.SPECTACULAR_SETTINGS: sheets, events and rankings have a "state" too.
OBJECTION_STATES = [(state.value, state.label) for state in ObjectionState]
OBJECTION_WAYS = [(way.value, way.label) for way in ObjectionWay]


class ObjectionFilingSerializer(OnceSerializer):
    """Against an event; or with month and household instead, that something good was not recorded (supervisors alone)."""

    event = serializers.IntegerField(min_value=1, required=False, help_text="The number of the event.")
    month = serializers.CharField(required=False, help_text="YYYY-MM, without an event.")
    household = serializers.CharField(required=False, max_length=18, help_text="Without an event.")
    text = serializers.CharField(max_length=MAX_WORDS, help_text="For those who rule; never public.")


class ObjectionPaperSerializer(ObjectionFilingSerializer):
    """What the household wrote, with a photo of it; without an event its month and household. A form (multipart/form-data)."""

    photo = serializers.FileField(help_text="JPEG, PNG or WebP of 10 MB at most; place and time are taken out.")


class ObjectionAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What stands on the receipt.")
    state = serializers.ChoiceField(OBJECTION_STATES)


class RulingSerializer(OnceSerializer):
    """With the reason of the list; upheld for something missing, also under which clause and on which day it is added."""

    upheld = serializers.BooleanField()
    reason = serializers.CharField(max_length=MAX_WORDS, help_text="For the parties and those who rule; never public.")
    public_reason = serializers.ChoiceField(
        RULING_CHOICES, required=False, help_text="One of the list; a neutral one when it is left out."
    )
    clause = serializers.CharField(required=False, max_length=20)
    date = serializers.DateField(required=False)
    document_no = serializers.CharField(required=False, max_length=MAX_DOCUMENT, allow_blank=True)
    again = serializers.BooleanField(required=False)


class RulingAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    id = serializers.IntegerField()
    state = serializers.ChoiceField(OBJECTION_STATES)
    event = serializers.IntegerField(allow_null=True, help_text="Withdrawn, or added.")
    adjustment = serializers.IntegerField(allow_null=True, help_text="The correction that a frozen month waits for.")


class ObjectionSerializer(Shape):
    id = serializers.IntegerField()
    number = serializers.CharField()
    month = serializers.CharField()
    code = serializers.CharField(help_text="Of the household or division.")
    event = serializers.IntegerField(allow_null=True)
    way = serializers.ChoiceField(OBJECTION_WAYS)
    state = serializers.ChoiceField(OBJECTION_STATES)
    outcome = serializers.CharField(help_text="In words.")
    public_reason = serializers.CharField(allow_blank=True, help_text="Of the last ruling.")
    filed_at = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)


class ObjectionsSerializer(Shape):
    objections = ObjectionSerializer(many=True)
    until = serializers.IntegerField(
        allow_null=True, help_text="Ask for those after this one; null when these are all."
    )
