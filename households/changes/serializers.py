"""Shapes of the register over HTTP."""

from typing import Any

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.changes.wishes import ChangeWish
from households.imports.households import MAX_ADDRESS, MAX_NAME
from households.models import ChangeKind, ChangeReason

CODE = r"^[0-9]{18}$"
SENT_AS = {"serial": "number", "day": "from"}  # what the interface calls a field of `ChangeWish` otherwise


class RegisteredSerializer(Shape):
    code = serializers.CharField()
    group = serializers.CharField()
    head = serializers.CharField(help_text="Masked unless the caller is the household's own cadre or leader.")
    address = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(
        allow_null=True, help_text="Since when it is off the register; null while it is on it."
    )


class RegisterSerializer(Shape):
    households = RegisteredSerializer(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="Ask again with `after` set to this; null when these are all."
    )


class ChangeWantedSerializer(OnceSerializer):
    """`from` is the day it happened. Which of the others a kind needs, or does not take, is told by the refusal."""

    kind = serializers.ChoiceField(ChangeKind.choices)
    reason = serializers.ChoiceField(ChangeReason.choices)
    household = serializers.RegexField(CODE, required=False, default="", help_text="Whose change it is; none for add.")
    other = serializers.RegexField(CODE, required=False, default="", help_text="Who takes it in, or gets its points.")
    group = serializers.RegexField(r"^[0-9]{14}$", required=False, default="", help_text="Where it comes to.")
    number = serializers.IntegerField(
        min_value=1,
        max_value=9999,
        required=False,
        help_text="Door number wanted there; move with the own group and another free number puts a wrong one right.",
    )
    head_name = serializers.CharField(max_length=MAX_NAME, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    address = serializers.CharField(max_length=MAX_ADDRESS, required=False, allow_blank=True)
    note = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    new_door = serializers.BooleanField(
        required=False, default=False, help_text="The plate no longer hangs at their door."
    )
    release = serializers.BooleanField(required=False, default=False, help_text="Give up what is reserved in the shop.")
    seen = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="Number of the last change that the caller knows of; 409 when there is another.",
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language and must be named here."""
        return {**super().get_fields(), "from": serializers.DateField()}


class ChangeDoneSerializer(Shape):
    change = serializers.IntegerField()
    kind = serializers.ChoiceField(ChangeKind.choices)
    household = serializers.CharField()
    other = serializers.CharField(allow_null=True)
    day = serializers.DateField()
    counts_from = serializers.DateField(help_text="Since when the register says so: never a month that was signed for.")


def wish_of(given: dict[str, Any]) -> ChangeWish:
    """What was sent, as it is carried out."""
    named: dict[str, Any] = {
        name: given[name] for name in ("reason", "household", "other", "group", "note", "new_door", "release")
    }
    optional: dict[str, Any] = {name: given.get(name) for name in ("head_name", "phone", "address")}
    return ChangeWish(ChangeKind(given["kind"]), given["from"], serial=given.get("number", 0), **named, **optional)
