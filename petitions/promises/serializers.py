"""Shapes of promises over HTTP."""

from rest_framework import serializers

from households.api import Shape
from petitions.promise_states import PromiseState
from petitions.promises.actions.promises import MAX_PERSON, MAX_POST, MAX_WHAT

PROMISE_STATES = [(state.value, state.label) for state in PromiseState]


class PromisedSerializer(Shape):
    what = serializers.CharField(max_length=MAX_WHAT, help_text="In words for the filer.")
    unit = serializers.CharField(max_length=60, help_text="department:CODE or division:CODE of a township.")
    due = serializers.DateField()
    person = serializers.CharField(required=False, allow_blank=True, max_length=MAX_PERSON)
    post = serializers.CharField(required=False, allow_blank=True, max_length=MAX_POST)


class PromiseSerializer(Shape):
    id = serializers.IntegerField()
    petition = serializers.CharField(help_text="Number of the petition.")
    number = serializers.IntegerField(min_value=1)
    what = serializers.CharField(allow_blank=True)
    unit = serializers.CharField()
    unit_name = serializers.CharField()
    person = serializers.CharField(allow_blank=True)
    post = serializers.CharField(allow_blank=True)
    first_due = serializers.DateField()
    due = serializers.DateField()
    moves = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField(PROMISE_STATES)
    days_late = serializers.IntegerField(min_value=0)
    reception = serializers.IntegerField(allow_null=True)


class PromiseListSerializer(Shape):
    results = PromiseSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="Ask with after=this for more; null at the end.")
