"""Shapes of what the shop's interface takes and answers."""

import base64
import binascii
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from households.api import OnceSerializer, Shape
from rewards.models import Proof, RedemptionChannel
from rewards.shop.actions.redemptions import MAX_AT_ONCE
from rewards.states import RedemptionState

# Named in settings.SPECTACULAR_SETTINGS: sheets and events have a "state" too.
REDEMPTION_STATES = [(state.value, state.label) for state in RedemptionState]
MAX_OFFLINE = 50  # operations in one batch: with their signatures well below what one request may hold
MAX_SIGNATURE = 400_000  # characters of base64
DATA_URL = "data:image/png;base64,"


@extend_schema_field(OpenApiTypes.BYTE)
class PngField(serializers.CharField):
    """A PNG as base64, with or without the head of a data URL; bytes inside."""

    def to_internal_value(self, data: Any) -> Any:
        """The bytes. Raises ValidationError."""
        text = super().to_internal_value(data).removeprefix(DATA_URL)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError("不是 base64 编码。") from None


class ReserveSerializer(OnceSerializer):
    household = serializers.CharField(max_length=18)
    item = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_AT_ONCE, default=1)


class _CollectionSerializer(OnceSerializer):
    signature = PngField(
        required=False, max_length=MAX_SIGNATURE, help_text="PNG of a signature drawn on a screen, base64."
    )
    collected_by = serializers.CharField(
        required=False, allow_blank=True, max_length=30, help_text="Name of a proxy; the relation is then required."
    )
    relation = serializers.CharField(required=False, allow_blank=True, max_length=20)
    delivered_to_home = serializers.BooleanField(required=False, default=False)


class HandOverSerializer(_CollectionSerializer):
    pin = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="Of the household's plate. A wrong one stays the answer of its op_id: try again with a new id.",
    )


class ReasonSerializer(OnceSerializer):
    reason = serializers.CharField(max_length=200, allow_blank=True)


class OfflineOpSerializer(_CollectionSerializer):
    """Either `redemption`, or `household`, `item` and `quantity`."""

    handed_at = serializers.DateTimeField(help_text="By the clock of the device.")
    household = serializers.CharField(required=False, allow_blank=True, max_length=18)
    item = serializers.IntegerField(required=False, min_value=1)
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=MAX_AT_ONCE)
    redemption = serializers.IntegerField(required=False, min_value=1)


class OfflineSerializer(Shape):
    ops = serializers.ListField(child=OfflineOpSerializer(), min_length=1, max_length=MAX_OFFLINE)


class ShelfItemSerializer(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()
    points = serializers.IntegerField(min_value=1, help_text="Price of one unit.")
    free = serializers.IntegerField(min_value=0, help_text="Units that can still be reserved.")
    household_month_limit = serializers.IntegerField(allow_null=True)
    picture = serializers.CharField(allow_blank=True, help_text="Its address is /pictures/DIGEST/.")


class ShopSerializer(Shape):
    village = serializers.CharField()
    is_open = serializers.BooleanField()
    open_today = serializers.BooleanField(help_text="Whether the counter hands over today.")
    next_open_day = serializers.DateField(allow_null=True)
    household_month_points = serializers.IntegerField(allow_null=True)
    offline_points = serializers.IntegerField(help_text="Most points of one hand-over without connection.")
    offline_household_points = serializers.IntegerField(help_text="Most points for one household in a day without it.")
    items = ShelfItemSerializer(many=True)


class RedeemedItemSerializer(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()


class RedemptionSerializer(Shape):
    id = serializers.IntegerField()
    op_id = serializers.UUIDField(help_text="Of the reservation.")
    state = serializers.ChoiceField(REDEMPTION_STATES)
    household = serializers.CharField()
    item = RedeemedItemSerializer()
    quantity = serializers.IntegerField(min_value=1)
    points = serializers.IntegerField(min_value=1, help_text="Altogether.")
    month = serializers.CharField(help_text="YYYY-MM: the month whose limits it counts in.")
    channel = serializers.ChoiceField(RedemptionChannel.choices)
    reserved_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    handed_at = serializers.DateTimeField(allow_null=True)
    proof = serializers.ChoiceField(Proof.choices, allow_blank=True)
    by_proxy = serializers.BooleanField()
    delivered_to_home = serializers.BooleanField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was voided, expired or reversed.")
    reason = serializers.CharField(allow_blank=True)
    flags = serializers.ListField(child=serializers.CharField(), help_text="What a supervisor should look at.")


class RedemptionListSerializer(Shape):
    results = RedemptionSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="Ask with before=this for older ones; null at the end.")


class OfflineOutcomeSerializer(Shape):
    op_id = serializers.UUIDField()
    status = serializers.ChoiceField(["recorded", "exists", "refused"])
    reason = serializers.CharField(allow_blank=True)
    redemption = serializers.IntegerField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())


class OfflineAnswerSerializer(Shape):
    results = OfflineOutcomeSerializer(many=True)
