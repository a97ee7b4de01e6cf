"""Shapes of what the interface says and takes about linkages."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.imports.cells import MAX_WEIGHT
from households.models.people import MAX_LEADER

_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class LinkageSerializer(Shape):
    department = serializers.CharField(max_length=20)
    division = serializers.CharField(max_length=14)
    weight = serializers.IntegerField(min_value=1, max_value=MAX_WEIGHT)
    leader = serializers.CharField(allow_blank=True, max_length=MAX_LEADER)

    def get_fields(self) -> dict[str, "serializers.Field"]:
        """`from` is a word of Python's own."""
        return super().get_fields() | {
            "from": serializers.RegexField(_MONTH, help_text="YYYY-MM, included."),
            "to": serializers.RegexField(_MONTH, allow_blank=True, help_text="YYYY-MM, included; empty without end."),
        }


class LinkagesSerializer(Shape):
    linkages = LinkageSerializer(many=True)


class AskLinkageSerializer(OnceSerializer):
    department = serializers.CharField(max_length=20)
    division = serializers.CharField(max_length=14)
    weight = serializers.IntegerField(
        min_value=0, max_value=MAX_WEIGHT, help_text="0: no longer linked from that month on."
    )
    leader = serializers.CharField(required=False, allow_blank=True, max_length=MAX_LEADER, default="")

    def get_fields(self) -> dict[str, "serializers.Field"]:
        """`from` is a word of Python's own."""
        return super().get_fields() | {
            "from": serializers.RegexField(_MONTH, help_text="YYYY-MM; what was in force ends the month before."),
            "to": serializers.RegexField(_MONTH, required=False, allow_blank=True, default=""),
        }
