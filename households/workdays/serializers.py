"""Shapes of what the interface says and takes about working days."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape
from households.models.arrangements import MAX_NOTICE, MAX_TEXT

SOURCES = ["entered", "shipped", "law"]


class DaySerializer(Shape):
    day = serializers.DateField()
    name = serializers.CharField()


class YearSerializer(Shape):
    year = serializers.IntegerField()
    source = serializers.ChoiceField(
        SOURCES, help_text="Entered by the county, shipped with the system, or only what the law fixes."
    )  # type: ignore[assignment]
    holidays = DaySerializer(many=True)
    worked = serializers.ListField(child=serializers.DateField(), help_text="Weekend days that are worked.")


class ArrangeSerializer(OnceSerializer):
    year = serializers.IntegerField(min_value=2025, max_value=2100)
    number = serializers.CharField(max_length=MAX_NOTICE, help_text="The notice's own number.")
    text = serializers.CharField(
        max_length=MAX_TEXT, help_text="Its paragraphs, one a holiday, as they were published."
    )


class ArrangedSerializer(YearSerializer):
    moved = serializers.IntegerField(help_text="How many stored due days were counted anew.")
