"""From planning to follow-up: who may do what with a reception (接访) in which state. Pure.

It is planned, may be moved, is held, and is followed up when everything said there has been seen to.
"""

from enum import StrEnum

from households.state_tables import Move, StateTable


class ReceptionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    FOLLOWED_UP = "followed_up"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _RECEPTION_LABELS[self]


class ReceptionMove(StrEnum):
    """What may stand in the history of a reception."""

    PLAN = "plan"
    MOVE = "move"
    HOLD = "hold"
    FOLLOW_UP = "follow_up"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        """The move in Chinese."""
        return _MOVE_LABELS[self]


_RECEPTION_LABELS = {
    ReceptionState.PLANNED: "已排定",
    ReceptionState.HELD: "已接访",
    ReceptionState.FOLLOWED_UP: "已跟进完",
    ReceptionState.CANCELLED: "已取消",
}
_MOVE_LABELS = {
    ReceptionMove.PLAN: "排定",
    ReceptionMove.MOVE: "改期",
    ReceptionMove.HOLD: "接访",
    ReceptionMove.FOLLOW_UP: "跟进完毕",
    ReceptionMove.CANCEL: "取消",
}

_R, _M = ReceptionState, ReceptionMove

RECEPTION_MOVES: StateTable[ReceptionMove, ReceptionState, str] = StateTable(
    ReceptionMove,
    (
        Move(_M.MOVE, _R.PLANNED, _R.PLANNED),
        Move(_M.HOLD, _R.PLANNED, _R.HELD),
        Move(_M.CANCEL, _R.PLANNED, _R.CANCELLED),
        Move(_M.FOLLOW_UP, _R.HELD, _R.FOLLOWED_UP),
    ),
    start=_R.PLANNED,
    begin=_M.PLAN,
)
reception_after = RECEPTION_MOVES.replay
