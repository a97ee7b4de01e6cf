"""What state a redemption and a stocktake can be in, who moves them, and why something cannot be moved. Pure."""

from enum import StrEnum

from households.roles import Role
from households.state_tables import Move, StateTable


class RedemptionState(StrEnum):
    """RESERVED holds points and goods; the other four are what became of it. REVERSED comes only after HANDED_OVER."""

    RESERVED = "reserved"
    HANDED_OVER = "handed_over"
    VOIDED = "voided"
    EXPIRED = "expired"
    REVERSED = "reversed"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return REDEMPTION_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether goods and points are still held for it."""
        return self is RedemptionState.RESERVED

    @property
    def counts(self) -> bool:
        """Whether it counts towards the month's limits: given up ones do not."""
        return self in (RedemptionState.RESERVED, RedemptionState.HANDED_OVER)


class RedemptionAction(StrEnum):
    HAND_OVER = "hand_over"
    VOID = "void"
    EXPIRE = "expire"
    REVERSE = "reverse"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return ACTION_LABELS[self]


class StocktakeState(StrEnum):
    """COUNTING takes figures; SIGNED waits for the witness; only POSTED changes the stock."""

    COUNTING = "counting"
    SIGNED = "signed"
    POSTED = "posted"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return STOCKTAKE_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether it can still change the stock, or be given up."""
        return self in (StocktakeState.COUNTING, StocktakeState.SIGNED)


REDEMPTION_LABELS: dict[RedemptionState, str] = {
    RedemptionState.RESERVED: "已预订",
    RedemptionState.HANDED_OVER: "已领取",
    RedemptionState.VOIDED: "已取消",
    RedemptionState.EXPIRED: "过期未领",
    RedemptionState.REVERSED: "已退货",
}
ACTION_LABELS: dict[RedemptionAction, str] = {
    RedemptionAction.HAND_OVER: "发放",
    RedemptionAction.VOID: "取消",
    RedemptionAction.EXPIRE: "过期",
    RedemptionAction.REVERSE: "退货",
}
STOCKTAKE_LABELS: dict[StocktakeState, str] = {
    StocktakeState.COUNTING: "清点中",
    StocktakeState.SIGNED: "待监督确认",
    StocktakeState.POSTED: "已入账",
    StocktakeState.CANCELLED: "已作废",
}
SYSTEM = "system"  # the schedule
HOUSEHOLD = "household"  # the household itself, by plate and PIN


REASON = "reason"  # what a move must bring besides

_R, _A = RedemptionState, RedemptionAction
TABLE: StateTable[RedemptionAction, RedemptionState, str] = StateTable(
    RedemptionAction,
    (
        Move(_A.HAND_OVER, _R.RESERVED, _R.HANDED_OVER, frozenset({Role.CADRE})),
        Move(_A.VOID, _R.RESERVED, _R.VOIDED, frozenset({Role.CADRE, HOUSEHOLD}), frozenset({REASON})),
        Move(_A.EXPIRE, _R.RESERVED, _R.EXPIRED, frozenset({SYSTEM})),
        Move(_A.REVERSE, _R.HANDED_OVER, _R.REVERSED, frozenset({Role.CADRE}), frozenset({REASON})),
    ),
    start=_R.RESERVED,
    refusal="这笔兑换现在是“{state}”，不能再{action}。",
)
TRANSITIONS = TABLE.moves
transition = TABLE.transition
actions_for = TABLE.actions_for
may_act = TABLE.may_act
why_not = TABLE.why_not
NEXT_STEPS: dict[RedemptionState, str] = {
    RedemptionState.RESERVED: "还没有发放的预订，可以直接取消。",
    RedemptionState.HANDED_OVER: "东西已经领走；要退，请办理退货。",
    RedemptionState.VOIDED: "积分已经退回，需要的话请重新预订。",
    RedemptionState.EXPIRED: "积分已经退回，需要的话请重新预订。",
    RedemptionState.REVERSED: "积分已经退回，需要的话请重新预订。",
}
