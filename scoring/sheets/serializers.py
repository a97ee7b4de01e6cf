"""Shapes of what the interface takes and answers. Answers are plain dictionaries; these classes describe and check."""

from rest_framework import serializers

from households.accounts.serializers import DivisionSerializer
from households.api import OnceSerializer, Shape
from households.roles import ROLE_CHOICES
from scoring.models import Recorder, Subject
from scoring.shapes import CLAUSE_KINDS, EVENT_STATES, SHEET_STATES
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE, MAX_OPS, OpType, Status


class ClauseSerializer(Shape):
    code = serializers.CharField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(CLAUSE_KINDS)
    points = serializers.IntegerField(min_value=0)
    subject = serializers.ChoiceField(Subject.choices)
    recorder = serializers.ChoiceField(Recorder.choices)
    recorder_name = serializers.CharField()
    document_required = serializers.BooleanField()
    second_person = serializers.BooleanField()
    may_record = serializers.BooleanField(help_text="Whether the caller's role may record under this clause.")


class IndicatorSerializer(Shape):
    position = serializers.IntegerField(min_value=1, max_value=6)
    code = serializers.CharField()
    name = serializers.CharField()
    lamp = serializers.CharField()
    share = serializers.IntegerField(min_value=1, max_value=100)
    clauses = ClauseSerializer(many=True)


class SchemeSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    indicators = IndicatorSerializer(many=True)


class HouseholdSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField(
        help_text="The head's name, masked unless the caller is the household's own cadre or leader."
    )
    initials = serializers.CharField(allow_blank=True)
    away = serializers.BooleanField(
        required=False,
        help_text="True of those who live elsewhere now; told to the household's own cadre and leader alone.",
    )


class PersonSerializer(Shape):
    name = serializers.CharField()
    role = serializers.ChoiceField(ROLE_CHOICES)
    role_name = serializers.CharField()


class EventSerializer(Shape):
    id = serializers.IntegerField()
    op_id = serializers.UUIDField()
    code = serializers.CharField(help_text="Household or division.")
    secret = serializers.BooleanField(help_text="Whether clause, document number and note are kept from the caller.")
    clause = serializers.CharField(allow_blank=True)
    indicator = serializers.CharField()
    kind = serializers.ChoiceField(CLAUSE_KINDS)
    points = serializers.IntegerField(min_value=0)
    date = serializers.DateField()
    document_no = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    recorded_by = PersonSerializer()
    recorded_at = serializers.DateTimeField()
    confirmed_by = PersonSerializer(allow_null=True, help_text="The second person; null while nobody else confirmed.")
    confirmed_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(EVENT_STATES)
    withdraw_reason = serializers.CharField(allow_blank=True)
    photos = serializers.IntegerField(min_value=0, help_text="Photos that stand; who may look is asked when one does.")
    can_withdraw = serializers.BooleanField()
    can_confirm = serializers.BooleanField()


class VillageSerializer(DivisionSerializer):
    above = DivisionSerializer(many=True, help_text="Township, then county.")


class RightsSerializer(Shape):
    record = serializers.BooleanField()
    declare = serializers.BooleanField()
    undeclare = serializers.BooleanField()


class DeclaredSerializer(Shape):
    by = serializers.CharField()
    at = serializers.DateTimeField()
    households = serializers.IntegerField()
    exceptions = serializers.IntegerField()


class ReturnedSerializer(Shape):
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    changes = serializers.IntegerField(help_text="Entries recorded, confirmed or withdrawn since then.")


class CountsSerializer(Shape):
    households = serializers.IntegerField()
    events = serializers.IntegerField(help_text="Standing exceptions, those waiting for a second person included.")
    exceptions = serializers.IntegerField(help_text="Households with a standing exception.")
    six_zero = serializers.IntegerField(help_text="The other households.")


class SheetSerializer(Shape):
    """A village's month, as far as the caller sees it."""

    month = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$")
    version = serializers.IntegerField(help_text="Counts what was written; send it back as base_version.")
    state = serializers.ChoiceField(SHEET_STATES)
    lock_reason = serializers.CharField(allow_blank=True)
    due = serializers.CharField(allow_blank=True)
    opens_on = serializers.DateField()
    closes_at = serializers.DateTimeField()
    today = serializers.DateField()
    village = VillageSerializer()
    scheme = SchemeSerializer()
    may = RightsSerializer()
    declared = DeclaredSerializer(allow_null=True)
    returned = ReturnedSerializer(allow_null=True)
    counts = CountsSerializer()
    groups = DivisionSerializer(
        many=True, help_text="The village itself and its groups, as far as they are the caller's."
    )
    households = HouseholdSerializer(many=True)
    events = EventSerializer(many=True)


class OpSerializer(OnceSerializer):
    """One operation. What a type needs beside op_id: add: household or division, clause, date (document_no, note);
    withdraw: event, reason; confirm: event; declare: nothing; undeclare: reason. An add of the same household or division,
    day, clause and document as a standing event is a conflict (code "twin", `event` names it) unless again is true. So is
    a declaration of a sheet that was sent back and in which nothing has changed since (code "unchanged"), an add under a
    clause under which somebody else recorded since base_version (code "raced"), and whatever comes to a sheet that was signed
    for since then (code "sheet_locked"). One that names an operation which has not come is held (status "held"): it is carried
    out once that has, or after five days."""

    type = serializers.ChoiceField([kind.value for kind in OpType])
    household = serializers.CharField(required=False)
    division = serializers.CharField(required=False)
    clause = serializers.CharField(required=False)
    date = serializers.DateField(required=False)
    document_no = serializers.CharField(required=False, allow_blank=True, max_length=MAX_DOCUMENT)
    note = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE)
    event = serializers.IntegerField(required=False)
    of = serializers.UUIDField(required=False, help_text="In place of event: the operation that made it.")
    after = serializers.UUIDField(required=False, help_text="The operation before it; until that has come, it is held.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE)
    again = serializers.BooleanField(required=False, help_text="It is meant: beside its twin, or declared as it was.")


class OpsSerializer(Shape):
    """How operations are described; `OpsEnvelope` is what is checked before each is judged by itself."""

    base_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="The sheet's version that the caller had read."
    )
    ops = serializers.ListField(child=OpSerializer(), max_length=MAX_OPS)


class OpsEnvelope(Shape):
    base_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2**31 - 1, default=None
    )
    ops = serializers.ListField(child=serializers.DictField(), max_length=MAX_OPS)


class ReceiptSerializer(Shape):
    """What the server signs of an answer (ECDSA, P-256, SHA-256) over the lines "dongkou receipt 1", op_id, sheet, digest,
    status and at, joined by line feeds. The page of the sheet names the public keys."""

    op_id = serializers.UUIDField()
    sheet = serializers.CharField(help_text="Month and village.")
    digest = serializers.CharField(help_text="SHA-256, hex, of the operation as JSON with sorted names and no blanks.")
    status = serializers.ChoiceField(["taken", "conflict", "refused", "held"])
    at = serializers.DateTimeField(help_text="When it was answered first, by the server's clock, in UTC.")
    key = serializers.IntegerField(help_text="The number of the key.")
    signature = serializers.CharField(help_text="Both numbers of the signature, 32 bytes each, in base64.")


class OutcomeSerializer(Shape):
    op_id = serializers.UUIDField()
    status = serializers.ChoiceField([status.value for status in Status])
    reason = serializers.CharField(allow_blank=True)
    event = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    receipt = ReceiptSerializer()


class OpsAnswerSerializer(Shape):
    version = serializers.IntegerField()
    state = serializers.ChoiceField(SHEET_STATES)
    results = OutcomeSerializer(many=True)
    events = EventSerializer(many=True, help_text="Events that these operations wrote, as they are now.")
