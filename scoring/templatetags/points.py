"""Points in words: with their sign, and as a clause has them."""

from django import template

from scoring.models import Clause, ScoreEvent
from scoring.rules import Kind
from scoring.villager.row import HouseholdEvent

register = template.Library()
MINUS = "−"  # the sign that is as wide as the plus


@register.filter
def signed(amount: int) -> str:
    """-5 -> −5, 10 -> +10, 0 -> 0."""
    return f"{MINUS}{-amount}" if amount < 0 else f"+{amount}" if amount else "0"


@register.filter
def clause_points(of: Clause | ScoreEvent | HouseholdEvent) -> str:
    """What a clause, or an event under one, does to the score: −5 分, +10 分, 提醒."""
    kind = Kind(of.kind)
    return kind.label if kind is Kind.REMIND else f"{signed(kind.sign * of.points)} 分"


_ZERO_WORDS = {"grey": "未申报", "kept": "守住", "broken": "有扣分", "reminded": "守住（有提醒）"}


@register.filter
def zero_words(state: str) -> str:
    """A zero's lamp in a villager's words."""
    return _ZERO_WORDS[state]
