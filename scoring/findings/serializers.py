"""Shapes of findings over HTTP."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from scoring.finding_states import FindingState
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE

# Named in settings.SPECTACULAR_SETTINGS: sheets and objections have a "state" too.
FINDING_STATES = [(state.value, state.label) for state in FindingState]


class FindingFilingSerializer(OnceSerializer):
    """Against a household, or a division instead; under a clause that is the department's own, with its document."""

    household = serializers.CharField(required=False, max_length=40, help_text="18 digits.")
    division = serializers.CharField(required=False, max_length=40, help_text="Without a household.")
    clause = serializers.CharField(max_length=20)
    date = serializers.DateField()
    document_no = serializers.CharField(max_length=MAX_DOCUMENT)
    note = serializers.CharField(required=False, max_length=MAX_NOTE, allow_blank=True)
    again = serializers.BooleanField(required=False, help_text="Meant although the same stands already.")


class FindingAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    id = serializers.IntegerField()
    state = serializers.ChoiceField(FINDING_STATES)
    event = serializers.IntegerField(allow_null=True, help_text="The entry of the sheet; null when it came too late.")


class FindingWordsSerializer(OnceSerializer):
    reason = serializers.CharField(max_length=MAX_NOTE)


class FindingSerializer(Shape):
    id = serializers.IntegerField()
    month = serializers.CharField()
    code = serializers.CharField(help_text="Of the household or division.")
    department = serializers.CharField(help_text="Its code.")
    clause = serializers.CharField()
    date = serializers.DateField()
    document_no = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(FINDING_STATES)
    outcome = serializers.CharField(help_text="In words.")
    event = serializers.IntegerField(allow_null=True)
    adjustment = serializers.IntegerField(allow_null=True, help_text="The correction that the township asked for.")
    filed_at = serializers.CharField()


class FindingsSerializer(Shape):
    findings = FindingSerializer(many=True)
    until = serializers.IntegerField(
        allow_null=True, help_text="Ask for those after this one; null when these are all."
    )
