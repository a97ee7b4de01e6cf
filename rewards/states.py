"""What state a redemption and a stocktake can be in, who moves them, and why something cannot be moved. Pure."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move. `roles` are values of User.role, "household" or "system"."""

    action: RedemptionAction
    source: RedemptionState
    target: RedemptionState
    roles: frozenset[str]
    needs_reason: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition(RedemptionAction.HAND_OVER, RedemptionState.RESERVED, RedemptionState.HANDED_OVER, frozenset({"cadre"})),
    Transition(
        RedemptionAction.VOID,
        RedemptionState.RESERVED,
        RedemptionState.VOIDED,
        frozenset({"cadre", HOUSEHOLD}),
        needs_reason=True,
    ),
    Transition(RedemptionAction.EXPIRE, RedemptionState.RESERVED, RedemptionState.EXPIRED, frozenset({SYSTEM})),
    Transition(
        RedemptionAction.REVERSE,
        RedemptionState.HANDED_OVER,
        RedemptionState.REVERSED,
        frozenset({"cadre"}),
        needs_reason=True,
    ),
)
NEXT_STEPS: dict[RedemptionState, str] = {
    RedemptionState.RESERVED: "还没有发放的预订，可以直接取消。",
    RedemptionState.HANDED_OVER: "东西已经领走；要退，请办理退货。",
    RedemptionState.VOIDED: "积分已经退回，需要的话请重新预订。",
    RedemptionState.EXPIRED: "积分已经退回，需要的话请重新预订。",
    RedemptionState.REVERSED: "积分已经退回，需要的话请重新预订。",
}


def transition(action: RedemptionAction, source: RedemptionState) -> Transition | None:
    """The move that this action makes from this state; None when it is not possible."""
    return next((move for move in TRANSITIONS if move.action is action and move.source is source), None)


def actions_for(role: str, state: RedemptionState) -> list[RedemptionAction]:
    """What a role ("household" for the household itself) may do with a redemption in this state."""
    return [move.action for move in TRANSITIONS if move.source is state and role in move.roles]


def may_act(role: str, action: RedemptionAction) -> bool:
    """Whether the role does this at all, in whatever state."""
    return any(role in move.roles for move in TRANSITIONS if move.action is action)


def why_not(action: RedemptionAction, state: RedemptionState) -> str:
    """A sentence for an action that this state does not allow; empty when it does."""
    if transition(action, state) is not None:
        return ""
    return f"这笔兑换现在是“{state.label}”，不能再{action.label}。"
