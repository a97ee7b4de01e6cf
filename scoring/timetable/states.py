"""Asking that a village's month be frozen before its time: what such a request goes through, and who turns which key."""

from enum import StrEnum

from households.roles import Role
from households.state_tables import StateTable, moves
from scoring.models import AskState
from scoring.states import REASON


class ForceAction(StrEnum):
    ASK = "ask"
    GRANT = "grant"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return _LABELS[self]


_LABELS = {ForceAction.ASK: "申请提前锁定", ForceAction.GRANT: "同意", ForceAction.REFUSE: "不同意"}
# The first key asks, which a request begins with; the second is turned by another person of the same office.
FORCING: StateTable[ForceAction, AskState, str] = StateTable(
    ForceAction,
    (
        *moves(ForceAction.GRANT, (AskState.ASKED,), AskState.GRANTED, (Role.COUNTY_OFFICE,)),
        *moves(ForceAction.REFUSE, (AskState.ASKED,), AskState.REFUSED, (Role.COUNTY_OFFICE,), REASON),
    ),
    start=AskState.ASKED,
    begin=ForceAction.ASK,
)
