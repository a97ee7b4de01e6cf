"""Asking that a village's month be frozen before its time: what such a request goes through, and who turns which key. Pure."""

from enum import StrEnum

from households.roles import Role
from households.state_tables import StateTable, moves
from scoring.states import REASON


class ForceAction(StrEnum):
    ASK = "ask"
    GRANT = "grant"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return _LABELS[self]


class ForceState(StrEnum):
    """As the models' `AskState`, by the same values."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _STATES[self]


_STATES = {ForceState.ASKED: "待批准", ForceState.GRANTED: "已批准", ForceState.REFUSED: "未批准"}
_LABELS = {ForceAction.ASK: "申请提前锁定", ForceAction.GRANT: "同意", ForceAction.REFUSE: "不同意"}
# The first key asks, which a request begins with; the second is turned by another person of the same office.
FORCING: StateTable[ForceAction, ForceState, str] = StateTable(
    ForceAction,
    (
        *moves(ForceAction.GRANT, (ForceState.ASKED,), ForceState.GRANTED, (Role.COUNTY_OFFICE,)),
        *moves(ForceAction.REFUSE, (ForceState.ASKED,), ForceState.REFUSED, (Role.COUNTY_OFFICE,), REASON),
    ),
    start=ForceState.ASKED,
    begin=ForceAction.ASK,
)
