"""From a promise (承诺) to its end: who may do what with it in which state. Pure.

It is never fulfilled by the word of who made it: their unit reports, and the petition office or the filer agrees.
"""

from enum import StrEnum

from households.roles import Role
from households.state_tables import Move, StateTable
from petitions.states import FILER, SYSTEM


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

    @property
    def is_fulfilled(self) -> bool:
        return self is PromiseState.FULFILLED

    @property
    def is_reported(self) -> bool:
        """Whether it waits to be looked at."""
        return self is PromiseState.REPORTED


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
_OFFICE = frozenset({Role.PETITION_OFFICE})
_UNITS = frozenset({Role.DEPARTMENT, Role.TOWNSHIP})

PROMISE_STEPS: StateTable[PromiseStep, PromiseState, str] = StateTable(
    PromiseStep,
    (
        Move(_S.MOVED, _P.MADE, _P.MADE, _OFFICE),
        Move(_S.REPORTED, _P.MADE, _P.REPORTED, _UNITS | _OFFICE),  # the office enters what a unit sent on paper
        Move(_S.RETURNED, _P.REPORTED, _P.MADE, _OFFICE),
        Move(_S.FULFILLED, _P.REPORTED, _P.FULFILLED, _OFFICE | {FILER}),
        Move(_S.FULFILLED, _P.MADE, _P.FULFILLED, frozenset({FILER})),
        Move(_S.GIVEN_UP, _P.MADE, _P.GIVEN_UP, _OFFICE),
        Move(_S.GIVEN_UP, _P.REPORTED, _P.GIVEN_UP, _OFFICE),
        Move(_S.REMINDED, _P.MADE, _P.MADE, frozenset({SYSTEM})),
    ),
    start=_P.MADE,
    begin=_S.MADE,
)
promise_after = PROMISE_STEPS.replay
steps_for = PROMISE_STEPS.actions_for
