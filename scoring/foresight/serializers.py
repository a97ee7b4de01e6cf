"""Shapes of what is foreseen."""

from rest_framework import serializers

from households.api import Shape
from scoring.sheets.ops import MAX_CODE


class EntryInMindSerializer(Shape):
    """A household or a division, and the clause."""

    household = serializers.CharField(required=False, max_length=MAX_CODE, help_text="18 digits.")
    division = serializers.CharField(required=False, max_length=MAX_CODE, help_text="The village or one of its groups.")
    clause = serializers.CharField(max_length=20)


class ForeseenSerializer(Shape):
    level = serializers.CharField(help_text="户, 组, 村 or 县直部门.")
    name = serializers.CharField(help_text="A household by its number, never by name.")
    before = serializers.CharField(
        allow_blank=True, help_text="The result if the village signed now; empty without one."
    )
    after = serializers.CharField(allow_blank=True, help_text="The same with the entry.")
    rank = serializers.IntegerField(allow_null=True, help_text="Null where nobody is ranked.")
    new_rank = serializers.IntegerField(allow_null=True)
    points = serializers.IntegerField(help_text="More points at freezing than without the entry; below zero: fewer.")


class ForesightSerializer(Shape):
    """What an entry would do. Nothing is written."""

    waits = serializers.BooleanField(help_text="Whether it counts only once another person has confirmed it.")
    effects = ForeseenSerializer(many=True)
