"""Shapes of receptions, their records, and promises."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from petitions.models import ReceptionKind, ReceptionOutcome, Way
from petitions.models.events import MAX_TOLD
from petitions.petition.serializers import PETITION_STATES, FilingSerializer
from petitions.promises.serializers import PromisedSerializer
from petitions.reception_states import ReceptionState

# Named in settings.SPECTACULAR_SETTINGS.
RECEPTION_KINDS, RECEPTION_OUTCOMES = ReceptionKind.choices, ReceptionOutcome.choices
RECEPTION_STATES = [(state.value, state.label) for state in ReceptionState]


class AttendingSerializer(Shape):
    unit = serializers.CharField()
    name = serializers.CharField()


class ReceptionSummarySerializer(Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(RECEPTION_KINDS)
    state = serializers.ChoiceField(RECEPTION_STATES)
    day = serializers.DateField()
    starts = serializers.CharField(help_text="HH:MM")
    ends = serializers.CharField(help_text="HH:MM")
    place = serializers.CharField()
    place_name = serializers.CharField()
    room = serializers.CharField(allow_blank=True)
    leader = serializers.CharField()
    post = serializers.CharField()
    moves = serializers.IntegerField(min_value=0, help_text="How often it was put off.")
    units = AttendingSerializer(many=True)
    cases = serializers.IntegerField(min_value=0, help_text="On the list, of those that count for the caller.")
    recorded = serializers.IntegerField(min_value=0)


class ReceptionListSerializer(Shape):
    results = ReceptionSummarySerializer(many=True)


class ListedCaseSerializer(Shape):
    position = serializers.IntegerField(min_value=1)
    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(PETITION_STATES)
    seq = serializers.IntegerField(min_value=1, help_text="Send it as `seen` with a record.")
    due = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(RECEPTION_OUTCOMES, allow_null=True)
    records = serializers.IntegerField(min_value=0)


class ReceptionSerializer(ReceptionSummarySerializer):
    items = ListedCaseSerializer(many=True, help_text="What the caller may read of the list.")


class NewMatterSerializer(FilingSerializer):
    """A matter that came up on the spot."""

    op_id = None  # type: ignore[assignment]
    way = serializers.ChoiceField(Way.choices, default=Way.VISIT, help_text="visit, or enterprise.")


class RecordSerializer(OnceSerializer):
    """What was said about one petition: `petition` is its number, or `filing` a new matter."""

    petition = serializers.CharField(required=False, allow_null=True, max_length=18)
    filing = NewMatterSerializer(required=False, allow_null=True)
    outcome = serializers.ChoiceField(RECEPTION_OUTCOMES)
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_TOLD, help_text="What was said and decided, inside."
    )
    told = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TOLD, help_text="For the filer.")
    promise = PromisedSerializer(required=False, allow_null=True)
    at = serializers.DateTimeField(required=False, allow_null=True, help_text="When it was said; now by default.")
    seen = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="`seq` as it was read: the record is marked when it moved.",
    )


class RecordedSerializer(Shape):
    record = serializers.IntegerField()
    number = serializers.CharField()
    code = serializers.CharField(allow_blank=True, help_text="The filer's code of a new matter, shown this once.")
    state = serializers.ChoiceField(PETITION_STATES)
    listed = serializers.BooleanField(help_text="False when it accuses who was there.")
    moved_on = serializers.BooleanField(help_text="Kept, but the petition had gone on meanwhile.")
    promise = serializers.IntegerField(allow_null=True)
    said_at = serializers.DateTimeField()
