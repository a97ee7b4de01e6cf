"""What state a village's monthly sheet and a single event can be in, who moves them, and why something is locked. Pure."""

from enum import StrEnum

from households.roles import Role
from households.state_tables import StateTable, moves


class SheetState(StrEnum):
    OPEN = "open"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    POSTED = "posted"
    FROZEN = "frozen"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return SHEET_LABELS[self]

    @property
    def is_scored(self) -> bool:
        """Whether households of this sheet have a score: from the declaration on."""
        return self is not SheetState.OPEN

    @property
    def is_posted(self) -> bool:
        return self is SheetState.POSTED

    @property
    def is_frozen(self) -> bool:
        return self is SheetState.FROZEN


class SheetAction(StrEnum):
    DECLARE = "declare"
    UNDECLARE = "undeclare"
    APPROVE = "approve"
    RETURN = "return"
    REVOKE = "revoke"
    POST = "post"
    FREEZE = "freeze"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return ACTION_LABELS[self]


class EventState(StrEnum):
    """PENDING waits for a second person to confirm; only CONFIRMED counts in a score; WITHDRAWN is for good."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return EVENT_LABELS[self]

    @property
    def counts(self) -> bool:
        """Whether an event in this state is part of the arithmetic."""
        return self is EventState.CONFIRMED

    @property
    def waits(self) -> bool:
        """Whether a second person has still to confirm it."""
        return self is EventState.PENDING


class AdjustmentState(StrEnum):
    """A frozen month is put right by two keys: a township asks, the county office grants or refuses. Each is for good."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return ADJUSTMENT_LABELS[self]


class AdjustmentAction(StrEnum):
    ASK = "ask"
    GRANT = "grant"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return _ADJUSTMENT_ACTIONS[self]


class WithholdingState(StrEnum):
    """Published words are withheld by two keys: one asks, another one grants or refuses. Each is for good."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


SHEET_LABELS: dict[SheetState, str] = {
    SheetState.OPEN: "录入中",
    SheetState.DECLARED: "已申报",
    SheetState.REVIEWED: "已审核",
    SheetState.POSTED: "公示中",
    SheetState.FROZEN: "已锁定",
}
ACTION_LABELS: dict[SheetAction, str] = {
    SheetAction.DECLARE: "申报",
    SheetAction.UNDECLARE: "撤回申报",
    SheetAction.APPROVE: "审核通过",
    SheetAction.RETURN: "退回",
    SheetAction.REVOKE: "退回审核",
    SheetAction.POST: "公示",
    SheetAction.FREEZE: "锁定",
}
EVENT_LABELS: dict[EventState, str] = {
    EventState.PENDING: "待确认",
    EventState.CONFIRMED: "已确认",
    EventState.WITHDRAWN: "已撤回",
}
ADJUSTMENT_LABELS: dict[AdjustmentState, str] = {
    AdjustmentState.ASKED: "等县六零办决定",
    AdjustmentState.GRANTED: "已同意，已重新计算",
    AdjustmentState.REFUSED: "不同意",
}
_ADJUSTMENT_ACTIONS: dict[AdjustmentAction, str] = {
    AdjustmentAction.ASK: "申请",
    AdjustmentAction.GRANT: "同意",
    AdjustmentAction.REFUSE: "不同意",
}
WITHHOLDING_LABELS: dict[WithholdingState, str] = {
    WithholdingState.ASKED: "等另一个人决定",
    WithholdingState.GRANTED: "已不再公开",
    WithholdingState.REFUSED: "不同意",
}
# The month runs by itself (beat, or the county by command) once people have done their part.
SYSTEM = "system"


REASON = "reason"  # what a move must bring besides

_S, _A = SheetState, SheetAction
_COUNTY, _TOWNSHIP = Role.COUNTY_OFFICE, Role.TOWNSHIP
TABLE: StateTable[SheetAction, SheetState, str] = StateTable(
    SheetAction,
    (
        *moves(_A.DECLARE, (_S.OPEN,), _S.DECLARED, (Role.CADRE, _COUNTY)),
        *moves(_A.UNDECLARE, (_S.DECLARED,), _S.OPEN, (Role.CADRE,), REASON),
        *moves(_A.APPROVE, (_S.DECLARED,), _S.REVIEWED, (_TOWNSHIP,)),
        *moves(_A.RETURN, (_S.DECLARED, _S.REVIEWED), _S.OPEN, (_TOWNSHIP,), REASON),
        *moves(_A.REVOKE, (_S.REVIEWED,), _S.DECLARED, (_COUNTY,), REASON),
        *moves(_A.POST, (_S.REVIEWED,), _S.POSTED, (SYSTEM, _COUNTY)),
        *moves(_A.FREEZE, (_S.POSTED,), _S.FROZEN, (SYSTEM, _COUNTY)),
    ),
    start=_S.OPEN,
    refusal="现在是“{state}”，不能{action}；只有{sources}时才可以{action}。",
)
TRANSITIONS = TABLE.moves
transition = TABLE.transition
actions_for = TABLE.actions_for
why_not = TABLE.why_not
# A correction: the first key asks, which its record begins with, the second one decides.
ADJUSTMENTS: StateTable[AdjustmentAction, AdjustmentState, str] = StateTable(
    AdjustmentAction,
    (
        *moves(AdjustmentAction.GRANT, (AdjustmentState.ASKED,), AdjustmentState.GRANTED, (_COUNTY,)),
        *moves(AdjustmentAction.REFUSE, (AdjustmentState.ASKED,), AdjustmentState.REFUSED, (_COUNTY,), REASON),
    ),
    start=AdjustmentState.ASKED,
    begin=AdjustmentAction.ASK,
)
LOCK_REASONS: dict[SheetState, str] = {
    SheetState.OPEN: "",
    SheetState.DECLARED: "本月已经申报，等待乡镇审核，所以不能改动。村干部可以在乡镇审核前撤回申报，撤回后就能修改。",
    SheetState.REVIEWED: "乡镇已经审核通过，所以不能改动。需要修改时，请乡镇在公示前写明原因退回。",
    SheetState.POSTED: (
        "正在公示，所以不能改动。对记录有不同意见的，可以提异议：村里先评议，不服的请乡镇复核；"
        "异议成立，系统马上更正，各级结果重新计算。"
    ),
    SheetState.FROZEN: (
        "本月已经锁定，所以不能改动。确有差错时，由乡镇申请、县六零办批准后作调整，各级结果重新计算，原排名仍可查看。"
    ),
}


def event_state(*, confirmed: bool, withdrawn: bool) -> EventState:
    """The state that an event's two stamps amount to; a withdrawal outweighs a confirmation."""
    if withdrawn:
        return EventState.WITHDRAWN
    return EventState.CONFIRMED if confirmed else EventState.PENDING


def lock_reason(state: SheetState) -> str:
    """Why the sheet cannot be edited, and what would make it possible; empty while it is open."""
    return LOCK_REASONS[state]


def why_not_adjust(state: SheetState) -> str:
    """Why a sheet in this state takes no adjustment; empty for a frozen one, which takes nothing else."""
    if state is SheetState.FROZEN:
        return ""
    way = "请直接在台账上更正。" if state is SheetState.OPEN else lock_reason(state)
    return f"本月还没有锁定，不需要调整。{way}"


def why_not_decide(state: AdjustmentState, *, own: bool) -> str:
    """Why a request for an adjustment cannot be decided: it was decided before, or the person asked for it themselves."""
    if not ADJUSTMENTS.actions_for(_COUNTY, state):
        return f"这一件已经有了决定：{state.label}。"
    return "自己申请的调整，要由另一个人决定。" if own else ""
