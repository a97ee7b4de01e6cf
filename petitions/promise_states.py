"""From a promise (承诺) to its end: who may do what with it in which state. Pure.

It is never fulfilled by the word of who made it: their unit reports, and the petition office or the filer agrees.
"""

from collections.abc import Iterable
from enum import StrEnum

from petitions.states import DEPARTMENT, FILER, OFFICE, SYSTEM, TOWNSHIP, BrokenHistory


class PromiseState(StrEnum):
    MADE = "made"
    REPORTED = "reported"
    FULFILLED = "kept"
    GIVEN_UP = "given_up"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _PROMISE_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self in OPEN_PROMISES


class PromiseStep(StrEnum):
    """What may stand in the history of a promise: `data["step"]` of a petition's `promise` line."""

    MADE = "made"
    MOVED = "moved"
    REPORTED = "reported"
    RETURNED = "returned"
    FULFILLED = "kept"
    GIVEN_UP = "given_up"
    REMINDED = "reminded"

    @property
    def label(self) -> str:
        """The step in Chinese."""
        return _STEP_LABELS[self]


_PROMISE_LABELS = {
    PromiseState.MADE: "待兑现",
    PromiseState.REPORTED: "已报兑现，等核实",
    PromiseState.FULFILLED: "已兑现",
    PromiseState.GIVEN_UP: "没能兑现",
}

_STEP_LABELS = {
    PromiseStep.MADE: "作出承诺",
    PromiseStep.MOVED: "承诺改期",
    PromiseStep.REPORTED: "报告已兑现",
    PromiseStep.RETURNED: "核实没有兑现",
    PromiseStep.FULFILLED: "核实已兑现",
    PromiseStep.GIVEN_UP: "承诺不能兑现",
    PromiseStep.REMINDED: "提醒兑现",
}

OPEN_PROMISES = frozenset({PromiseState.MADE, PromiseState.REPORTED})

_P, _S = PromiseState, PromiseStep

_UNITS = frozenset({DEPARTMENT, TOWNSHIP})

_OFFICE = frozenset({OFFICE})


PROMISE_STEPS: dict[tuple[PromiseStep, PromiseState], tuple[PromiseState, frozenset[str]]] = {
    (_S.MOVED, _P.MADE): (_P.MADE, _OFFICE),
    (_S.REPORTED, _P.MADE): (_P.REPORTED, _UNITS | _OFFICE),  # the office enters what a unit sent on paper
    (_S.RETURNED, _P.REPORTED): (_P.MADE, _OFFICE),
    (_S.FULFILLED, _P.REPORTED): (_P.FULFILLED, _OFFICE | {FILER}),
    (_S.FULFILLED, _P.MADE): (_P.FULFILLED, frozenset({FILER})),
    (_S.GIVEN_UP, _P.MADE): (_P.GIVEN_UP, _OFFICE),
    (_S.GIVEN_UP, _P.REPORTED): (_P.GIVEN_UP, _OFFICE),
    (_S.REMINDED, _P.MADE): (_P.MADE, frozenset({SYSTEM})),
}


def promise_after(steps: Iterable[str]) -> PromiseState:
    """The state in which a promise's history ends. Raises BrokenHistory for one that the table does not allow."""
    state: PromiseState | None = None
    for text in steps:
        state = _next_promise(state, PromiseStep(text))
    if state is None:
        raise BrokenHistory("no history")
    return state


def _next_promise(state: PromiseState | None, step: PromiseStep) -> PromiseState:
    if state is None and step is PromiseStep.MADE:
        return PromiseState.MADE
    if state is None or (step, state) not in PROMISE_STEPS:
        raise BrokenHistory(f"{step} after {state}")
    return PROMISE_STEPS[step, state][0]


def steps_for(role: str, state: PromiseState) -> list[PromiseStep]:
    """What a role (a User.role, "filer" or "system") may do with a promise in this state."""
    return [step for (step, source), (_, roles) in PROMISE_STEPS.items() if source is state and role in roles]
