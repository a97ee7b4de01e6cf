"""The shop's rows in words."""

from datetime import date

from django import template
from django.utils import timezone

from households.models import Household, User
from households.months import spoken_with_year
from households.register.reads import name_for
from rewards import money
from rewards.models import Item, Redemption
from rewards.shop import shelf
from rewards.states import RedemptionState, StocktakeState

register = template.Library()


@register.filter
def pick_up_until(redemption: Redemption) -> date:
    """``{{ redemption|pick_up_until|date:"n月j日" }}``: the last day on which it can be fetched."""
    return shelf.pick_up_until(redemption)


@register.filter
def what_became(redemption: Redemption) -> str:
    """What became of it and when, in a villager's words: 5月3日领取，王五代领."""
    at = redemption.ended_at or redemption.handed_at or redemption.reserved_at
    words = f"{spoken_with_year(timezone.localtime(at))}{RedemptionState(redemption.state).label.removeprefix('已')}"
    if redemption.state == RedemptionState.HANDED_OVER:
        words += f"，{redemption.collected_by}（{redemption.relation}）代领" if redemption.collected_by else ""
        return words + ("，送到家" if redemption.delivered_to_home else "")
    return f"{words}，积分已经退回" + (f"（{redemption.reason}）" if redemption.reason else "")


@register.filter
def left_words(item: Item) -> str:
    """How many there are, in words."""
    return shelf.left_words(item)


@register.filter
def yuan(fen: int) -> str:
    """Whole fen as 元 with two decimals: 1250 -> 12.50."""
    return money.yuan(fen)


@register.filter
def seen_by(household: Household, user: User) -> str:
    """The head's name: in full to the village's cadre, masked to all others."""
    return name_for(household, user)


@register.filter
def state_label(state: str) -> str:
    """A redemption's state in Chinese."""
    return RedemptionState(state).label


@register.filter
def stocktake_label(state: str) -> str:
    """A stocktake's state in Chinese."""
    return StocktakeState(state).label


@register.filter
def signed_number(number: int) -> str:
    """3 -> +3, -2 -> −2, 0 -> 0."""
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"
