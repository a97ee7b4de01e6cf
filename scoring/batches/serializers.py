"""Shapes of batches over HTTP."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.codes import Level
from scoring.models import BatchKind
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE

MAX_ENTRIES = 400  # as many as the page takes lines


class BatchEntrySerializer(Shape):
    household = serializers.RegexField(
        rf"^[0-9]{{{Level.HOUSEHOLD.code_length}}}$", required=False, help_text="18 digits."
    )
    division = serializers.RegexField(
        rf"^[0-9]{{{Level.VILLAGE.code_length},{Level.GROUP.code_length}}}$",
        required=False,
        help_text="Of the village or one of its groups; without a household.",
    )
    clause = serializers.CharField(max_length=20)
    date = serializers.DateField()
    document_no = serializers.CharField(required=False, max_length=MAX_DOCUMENT, allow_blank=True)
    note = serializers.CharField(required=False, max_length=MAX_NOTE, allow_blank=True)

    def validate(self, given: dict[str, object]) -> dict[str, object]:
        if ("household" in given) == ("division" in given):
            raise serializers.ValidationError("每一条写一户或一个地方，只写一样。")
        return given


class BatchWritingSerializer(OnceSerializer):
    """Entries that are written all or none, and undone as one."""

    entries = serializers.ListField(child=BatchEntrySerializer(), allow_empty=False, max_length=MAX_ENTRIES)
    rehearse = serializers.BooleanField(required=False, help_text="Say what would be refused; write nothing.")


class BatchFaultSerializer(Shape):
    entry = serializers.IntegerField(help_text="Its place among the entries sent, from 0.")
    code = serializers.CharField()
    detail = serializers.CharField()


class BatchAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    batch = serializers.IntegerField(allow_null=True, help_text="Its number; null after a rehearsal.")
    added = serializers.IntegerField(help_text="Entries written, or that would be.")
    faults = BatchFaultSerializer(many=True, help_text="What a rehearsal found; empty when it was written.")


class BatchUndoneSerializer(Shape):
    op_id = serializers.UUIDField()
    batch = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class BatchSerializer(Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(BatchKind.choices)
    added = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of the entries it wrote.")
    withdrawn = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of those it took back.")
    at = serializers.CharField()
    undone_at = serializers.CharField(allow_null=True)


class BatchesSerializer(Shape):
    batches = BatchSerializer(many=True)
    until = serializers.IntegerField(allow_null=True, help_text="Ask for those before it; null when these are all.")
