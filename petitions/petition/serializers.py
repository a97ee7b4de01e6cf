"""Shapes of what the interface of petitions takes and answers, and the refusals it gives."""

from functools import partial

from rest_framework import serializers

from households.api import MEANING, OnceSerializer, Shape
from households.api import errors as told_errors
from petitions.clock_types import MAX_EXTENSION, ClockKey, Ground
from petitions.erasing.rules import Extent
from petitions.models import Channel, Content, Demand, Path, PetitionKind, ReviewOutcome, Way
from petitions.models.events import MAX_TOLD
from petitions.models.petitions import MAX_ENTERPRISE, MAX_EXTERNAL_NO, MAX_NAME, MAX_PEOPLE, MAX_TEXT, MAX_TITLE
from petitions.states import PetitionAction, PetitionState

errors = partial(
    told_errors,
    meaning=MEANING
    | {
        403: "The caller's role or unit may not do this.",
        404: "There is no such petition, or it lies outside the caller's audience.",
        409: "The petition is in another state, or somebody else was quicker, or the id was used for something else.",
    },
)

# Named in settings.SPECTACULAR_SETTINGS: other rooms have states, kinds and channels too.
PETITION_STATES = [(state.value, state.label) for state in PetitionState]
PETITION_ACTIONS = [(action.value, action.label) for action in PetitionAction]
PETITION_CHANNELS, PETITION_KINDS = Channel.choices, PetitionKind.choices
PETITION_TARGETS = list(dict([*PETITION_STATES, *PETITION_ACTIONS]).items())
GROUNDS = [ground.value for ground in Ground]
CLOCK_KEYS = [(key.value, key.label) for key in ClockKey]
EXTENTS = [(extent.value, extent.label) for extent in (Extent.ALL, Extent.CONTACT)]
OUTCOMES = ReviewOutcome.choices


class FilingSerializer(OnceSerializer):
    """A petition as it is filed on somebody's behalf."""

    channel = serializers.ChoiceField(PETITION_CHANNELS, default=Channel.PEOPLE)
    way = serializers.ChoiceField(Way.choices, default=Way.DEPARTMENT)
    content = serializers.ChoiceField(Content.choices, default=Content.APPEAL)
    kind = serializers.ChoiceField(PETITION_KINDS, default=PetitionKind.FIRST)
    demand = serializers.ChoiceField(Demand.choices, default=Demand.COMPLAINT)
    place = serializers.CharField(max_length=14, help_text="Code of the division it is about.")
    title = serializers.CharField(max_length=MAX_TITLE)
    text = serializers.CharField(max_length=MAX_TEXT)
    name = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NAME, help_text="Empty: nameless.")
    phone = serializers.CharField(required=False, allow_blank=True, max_length=20)
    enterprise = serializers.CharField(required=False, allow_blank=True, max_length=MAX_ENTERPRISE)
    household = serializers.CharField(required=False, allow_blank=True, max_length=18)
    people = serializers.IntegerField(min_value=1, max_value=MAX_PEOPLE, default=1)
    external_no = serializers.CharField(required=False, allow_blank=True, max_length=MAX_EXTERNAL_NO)
    external_link = serializers.URLField(required=False, allow_blank=True, max_length=300)
    accused = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=10,
        help_text="Whom it accuses: department:CODE, division:CODE or user:NAME. They never see it.",
    )


class FiledSerializer(Shape):
    number = serializers.CharField()
    code = serializers.CharField(help_text="With the number it opens the filer's own page. Shown this once.")
    state = serializers.ChoiceField(PETITION_STATES)
    filed_at = serializers.DateTimeField()
    due = serializers.DateField(allow_null=True)


class TransitionSerializer(OnceSerializer):
    """`to` is the state to reach, or the name of an action; what else it needs depends on it."""

    to = serializers.ChoiceField(PETITION_TARGETS)
    seen = serializers.IntegerField(
        required=False, min_value=1, help_text="`seq` as it was read: 409 when the history has moved on."
    )
    told = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TOLD, help_text="For the filer.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TOLD, help_text="Stays inside.")
    lead = serializers.CharField(required=False, max_length=60, help_text="department:CODE or division:CODE.")
    joint = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=10)
    path = serializers.ChoiceField(Path.choices, required=False)
    unit = serializers.CharField(required=False, allow_blank=True, max_length=60, help_text="Where it was redirected.")
    days = serializers.IntegerField(required=False, min_value=1, max_value=MAX_EXTENSION)
    outcome = serializers.ChoiceField(OUTCOMES, required=False)
    into = serializers.CharField(required=False, max_length=18, help_text="Number of the petition that takes it in.")
    extent = serializers.ChoiceField(EXTENTS, required=False, help_text="What is erased at the filer's wish.")


class StandingSerializer(Shape):
    number = serializers.CharField()
    state = serializers.ChoiceField(PETITION_STATES)
    seq = serializers.IntegerField(min_value=1)
    paused = serializers.BooleanField()
    due = serializers.DateField(allow_null=True)
    waits_for = serializers.CharField(allow_blank=True)


class SummarySerializer(StandingSerializer):
    channel = serializers.ChoiceField(PETITION_CHANNELS)
    way = serializers.ChoiceField(Way.choices)
    content = serializers.ChoiceField(Content.choices)
    kind = serializers.ChoiceField(PETITION_KINDS)
    place = serializers.CharField()
    title = serializers.CharField()
    filed_at = serializers.DateTimeField()


class FoundSerializer(SummarySerializer):
    snippet = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="With q: the piece of the text around the first hit; empty for titles.",
    )


class SummaryListSerializer(Shape):
    results = FoundSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="Ask with before=this for older ones; null at the end.")


class ClockSerializer(Shape):
    key = serializers.ChoiceField(CLOCK_KEYS)
    label = serializers.CharField()  # type: ignore[assignment]
    start = serializers.DateField()
    due = serializers.DateField(allow_null=True)
    ended = serializers.DateField(allow_null=True)
    late = serializers.BooleanField()
    days = serializers.IntegerField(help_text="How long it runs, without extensions.")
    working = serializers.BooleanField(help_text="Whether these are working days.")
    ground = serializers.ChoiceField(GROUNDS, help_text="What the limit rests on: an article, or whose promise it is.")
    basis = serializers.CharField(help_text="The same in words: the article, or whose promise it is.")
    lines = serializers.ListField(child=serializers.CharField(), help_text="How the due day came about.")


class UnitSerializer(Shape):
    unit = serializers.CharField()
    name = serializers.CharField()
    lead = serializers.BooleanField()


class PetitionEventSerializer(Shape):
    seq = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(PETITION_ACTIONS)
    state = serializers.ChoiceField(PETITION_STATES)
    at = serializers.DateTimeField()
    role = serializers.CharField()
    told = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class FilerSerializer(Shape):
    name = serializers.CharField(allow_blank=True, help_text="Masked.")
    phone = serializers.CharField(allow_blank=True, help_text="Masked.")
    enterprise = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField(min_value=1)


class PetitionSerializer(SummarySerializer):
    text = serializers.CharField(allow_blank=True)
    filer = FilerSerializer()
    merged_into = serializers.CharField(allow_null=True)
    units = UnitSerializer(many=True)
    clock = ClockSerializer(many=True)
    events = PetitionEventSerializer(many=True)
