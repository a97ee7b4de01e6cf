"""A village's shop and points in pure Python: what reserve, hand over, void, expire, reverse, freeze and restate should do.

Imports nothing of the product on purpose. A state is two small maps of tuples, so that copying one is cheap:

    accounts      household -> (balance, held, owed)
    items         item -> (on hand, reserved)
    redemptions   number -> (household, item, quantity, points, state)
    earned        (month, household) -> points credited for it so far
    answers       request id -> what it was answered; it stays so for ever
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

PRICES = (20, 30, 45)
SIX_ZERO = 10
OK = "ok"


@dataclass(frozen=True)
class Op:
    """One request. `redemption` numbers what it is about by the request that reserved it; `key` is the request's id."""

    kind: str
    key: str
    household: int = 0
    item: int = 0
    quantity: int = 1
    redemption: str = ""
    month: str = ""
    points: int = 0
    number: int = 0  # of an adjustment


@dataclass
class State:
    accounts: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    items: dict[int, tuple[int, int]] = field(default_factory=dict)
    redemptions: dict[str, tuple[int, int, int, int, str]] = field(default_factory=dict)
    earned: dict[tuple[str, int], int] = field(default_factory=dict)
    granted: frozenset[int] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "State":
        maps = (self.accounts, self.items, self.redemptions, self.earned)
        return State(*(dict(one) for one in maps), self.granted, dict(self.answers))

    def shown(self) -> tuple[Any, ...]:
        """What can be seen from outside."""
        states = {key: row[-1] for key, row in self.redemptions.items()}
        return self.accounts, self.items, states


def answer(state: State, op: Op) -> str:
    """What becomes of a request, and of the state. The same id is answered the same, whatever has changed since."""
    if op.key in state.answers:
        return state.answers[op.key]
    result = STEPS[op.kind](state, op)
    if op.kind not in ("expire", "freeze"):
        state.answers[op.key] = result
    return result


def move(state: State, household: int, balance: int = 0, held: int = 0, owed: int = 0) -> None:
    """Add to an account; what is owed is taken at once from what is not held."""
    before = state.accounts[household]
    after = [before[0] + balance, before[1] + held, before[2] + owed]
    recovered = min(after[0] - after[1], after[2])
    state.accounts[household] = (after[0] - recovered, after[1], after[2] - recovered)


def earn(state: State, household: int, points: int) -> None:
    """Points come in, or too many are taken back: from what is not held, and the rest is owed."""
    balance, held, _ = state.accounts[household]
    taken = max(points, -(balance - held))
    move(state, household, balance=taken, owed=taken - points)


def reserve(state: State, op: Op) -> str:
    on_hand, reserved = state.items[op.item]
    balance, held, _ = state.accounts[op.household]
    points = PRICES[op.item] * op.quantity
    if on_hand - reserved < op.quantity:
        return "not_enough_stock"
    if balance - held < points:
        return "not_enough_points"
    state.items[op.item] = (on_hand, reserved + op.quantity)
    move(state, op.household, held=points)
    state.redemptions[op.key] = (op.household, op.item, op.quantity, points, "reserved")
    return OK


def _leave(state: State, op: Op, source: str, target: str) -> tuple[int, int, int, int] | str:
    household, item, quantity, points, now = state.redemptions[op.redemption]
    if now != source:
        return f"redemption_{now}"
    state.redemptions[op.redemption] = (household, item, quantity, points, target)
    return household, item, quantity, points


def hand_over(state: State, op: Op) -> str:
    left = _leave(state, op, "reserved", "handed_over")
    if isinstance(left, str):
        return left
    household, item, quantity, points = left
    state.items[item] = (state.items[item][0] - quantity, state.items[item][1] - quantity)
    move(state, household, balance=-points, held=-points)
    return OK


def void(state: State, op: Op, target: str = "voided") -> str:
    left = _leave(state, op, "reserved", target)
    if isinstance(left, str):
        return left
    household, item, quantity, points = left
    state.items[item] = (state.items[item][0], state.items[item][1] - quantity)
    move(state, household, held=-points)
    return OK


def expire(state: State, op: Op) -> str:
    return OK if void(state, op, "expired") == OK else "no"


def reverse(state: State, op: Op) -> str:
    left = _leave(state, op, "handed_over", "reversed")
    if isinstance(left, str):
        return left
    household, item, quantity, points = left
    state.items[item] = (state.items[item][0] + quantity, state.items[item][1])
    move(state, household, balance=points)
    return OK


def freeze(state: State, op: Op) -> str:
    """Every household is credited, once."""
    for household in state.accounts:
        if (op.month, household) not in state.earned:
            state.earned[op.month, household] = SIX_ZERO
            earn(state, household, SIX_ZERO)
    return OK


def restate(state: State, op: Op) -> str:
    """An adjustment granted: `points` are what the household should have of the month then."""
    if op.number in state.granted:
        return "decided"
    state.granted |= {op.number}
    earn(state, op.household, op.points - state.earned[op.month, op.household])
    state.earned[op.month, op.household] = op.points
    return OK


STEPS = {
    "reserve": reserve,
    "hand_over": hand_over,
    "void": void,
    "expire": expire,
    "reverse": reverse,
    "freeze": freeze,
    "restate": restate,
}


def explanations(state: State, ops: list[Op], seen: list[str]) -> Iterator[State]:
    """States after which requests made at once were answered as seen: one for each order in which that is possible.

    A restatement may be sent away while a freezing goes on beside it.
    """
    freezing = any(op.kind == "freeze" for op in ops)
    for order in permutations(range(len(ops))):
        after = state.copy()
        for index in order:
            op = ops[index]
            if seen[index] == "freezing" and freezing and op.key not in after.answers:
                after.answers[op.key] = "freezing"
            if answer(after, op) != seen[index]:
                break
        else:
            yield after
