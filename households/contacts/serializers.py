"""Shapes of what the interface says and takes about contacts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.models import ContactKind
from households.models.contacts import MAX_GRID, MAX_PERSON

Fields = dict[str, "serializers.Field[Any, Any, Any, Any]"]


class ContactPersonSerializer(Shape):
    id = serializers.IntegerField(help_text="Names the person in later requests.")
    name = serializers.CharField(help_text="Masked for whoever neither arranges contacts nor works in the village.")
    phone = serializers.CharField(allow_blank=True)


class ContactSerializer(Shape):
    id = serializers.IntegerField()
    household = serializers.CharField()
    kind = serializers.ChoiceField(ContactKind.choices)
    person = ContactPersonSerializer()
    micro_grid = serializers.CharField(allow_blank=True, help_text="The micro-grid's name, of kind micro alone.")

    def get_fields(self) -> Fields:
        """`from` is a word of Python's own."""
        return super().get_fields() | {
            "from": serializers.DateField(),
            "to": serializers.DateField(allow_null=True, help_text="No longer in force from this day on."),
        }


class ContactsSerializer(Shape):
    contacts = ContactSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="Ask for `?after=` this; null when these are all.")


class WantedPersonSerializer(Shape):
    id = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    name = serializers.CharField(required=False, max_length=MAX_PERSON)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    account = serializers.CharField(required=False, allow_blank=True, max_length=50)


_PERSON = {
    "oneOf": [
        {"type": "integer", "minimum": 1, "maximum": 2**62},
        {"type": "string", "minLength": 1, "maxLength": MAX_PERSON},
        {"$ref": "#/components/schemas/WantedPerson"},
    ],
    "description": "Somebody known, by id; or by name on the list of the household's village, where who is new is added.",
}


@extend_schema_field(_PERSON)
class PersonField(serializers.Field):
    """An id, a name, or both with number and account."""

    def to_internal_value(self, data: object) -> dict[str, Any]:
        plain = {"id": data} if isinstance(data, int) else {"name": data} if isinstance(data, str) else data
        shape = WantedPersonSerializer(data=plain)
        shape.is_valid(raise_exception=True)
        if not {"id", "name"} & shape.validated_data.keys():
            raise serializers.ValidationError("请写联系人的编号或姓名。")
        return dict(shape.validated_data)


class AskContactSerializer(OnceSerializer):
    household = serializers.CharField(max_length=18)
    kind = serializers.ChoiceField(ContactKind.choices)
    person = PersonField()
    micro_grid = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_GRID, help_text="Of kind micro; made when there is none yet."
    )

    def get_fields(self) -> Fields:
        """`from` is a word of Python's own."""
        return super().get_fields() | {"from": serializers.DateField()}


class EndContactSerializer(OnceSerializer):
    to = serializers.DateField(help_text="No longer in force from this day on.")


class HandContactsOverSerializer(OnceSerializer):
    giver = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The person whose households go.")
    taker = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The person who takes all of them.")

    def get_fields(self) -> Fields:
        """`from` is a word of Python's own."""
        return super().get_fields() | {"from": serializers.DateField()}


class ContactsHandedOverSerializer(Shape):
    giver = serializers.IntegerField()
    taker = serializers.IntegerField()
    households = serializers.IntegerField(help_text="How many households went.")

    def get_fields(self) -> Fields:
        """`from` is a word of Python's own."""
        return super().get_fields() | {"from": serializers.DateField()}
