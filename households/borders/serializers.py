"""Shapes of changes of places over HTTP."""

from typing import Any

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.borders.actions.carrying import BorderWish
from households.borders.mapping import MAX_NAME, MapLine
from households.models import BorderKind, BorderReason
from households.models.borders import MAX_DOCUMENT

_CODE = r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14}|[0-9]{18})?$"


class MappingSerializer(Shape):
    old = serializers.RegexField(_CODE, default="", allow_blank=True, help_text="Empty for a place that begins.")
    new = serializers.RegexField(_CODE, default="", allow_blank=True, help_text="Empty for a new name alone.")
    name = serializers.CharField(max_length=MAX_NAME, default="", allow_blank=True)


class BorderWantedSerializer(OnceSerializer):
    """`from` is the day since when it is so; it counts from the first month after that nobody has signed for."""

    reason = serializers.ChoiceField(BorderReason.choices)
    document_no = serializers.CharField(max_length=MAX_DOCUMENT, required=False, default="", allow_blank=True)
    release = serializers.BooleanField(required=False, default=False, help_text="Give up what is reserved in shops.")
    rehearse = serializers.BooleanField(
        required=False, default=False, help_text="Say what would follow, write nothing."
    )
    lines = serializers.ListField(child=MappingSerializer(), min_length=1, max_length=20_000)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language and must be named here."""
        return {**super().get_fields(), "from": serializers.DateField()}


class BorderLineSerializer(Shape):
    kind = serializers.ChoiceField(BorderKind.choices)
    old = serializers.CharField(allow_null=True)
    old_name = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_null=True)
    new_name = serializers.CharField(allow_blank=True)
    households = serializers.IntegerField()


class BorderOrderSerializer(Shape):
    order = serializers.IntegerField()
    day = serializers.DateField()
    counts_from = serializers.DateField()
    reason = serializers.ChoiceField(BorderReason.choices)
    document_no = serializers.CharField(allow_blank=True)
    households = serializers.IntegerField(help_text="How many households got another code.")
    undone = serializers.BooleanField(help_text="Taken back: the old codes stand, the new ones never counted.")
    lines = BorderLineSerializer(many=True)


class BorderOrdersSerializer(Shape):
    orders = BorderOrderSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="Ask again with `after` set to this.")


class BorderLookSerializer(Shape):
    counts_from = serializers.DateField()
    households = serializers.IntegerField()
    effects = serializers.ListField(child=serializers.CharField(), help_text="What would follow, one sentence each.")
    stops = serializers.ListField(child=serializers.CharField(), help_text="Why it cannot be carried out now.")


def border_wish_of(given: dict[str, Any]) -> BorderWish:
    """What was sent, as the action takes it; lines are numbered from 1."""
    lines = tuple(MapLine(at, one["old"], one["new"], one["name"]) for at, one in enumerate(given["lines"], start=1))
    return BorderWish(given["from"], given["reason"], lines, given["document_no"], given["release"])
