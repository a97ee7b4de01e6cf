"""A petition from its filing to its end: the one table of who may do what in which state. Pure.

Source of the steps: 《信访工作条例》 as `domain.md` 3.1 gives it, and design.md section 9. A petition's history is a list of
actions; `replay` walks it through the table, and what it ends in is the petition's state.
"""

from enum import StrEnum

from households.roles import Role
from households.state_tables import Move, StateTable, moves

FILER = "filer"  # who filed it, by plate and PIN or by number and code
SYSTEM = "system"  # the schedule, and the operator at the command line


class PetitionState(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    REDIRECTED = "redirected"
    NOT_ACCEPTED = "not_accepted"
    ASSIGNED = "assigned"
    CONTESTED = "contested"
    HANDLED = "handled"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    REVIEWING = "reviewing"
    REVIEWED = "reviewed"
    FINAL_REVIEWING = "final_reviewing"
    FINAL = "final"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in Chinese, for staff and filers alike."""
        return STATE_LABELS[self]

    @property
    def waits_for(self) -> str:
        """Whose turn it is, in Chinese; empty at an end."""
        return WAITS_FOR.get(self, "")

    @property
    def is_open(self) -> bool:
        """Whether an authority still owes the next step."""
        return self in OPEN


class PetitionAction(StrEnum):
    """What may stand in a history. The first group moves the state, the second leaves it where it is."""

    FILE = "file"
    ACCEPT = "accept"
    REDIRECT = "redirect"
    NOT_ACCEPT = "not_accept"
    ASSIGN = "assign"
    CONTEST = "contest"
    HANDLE = "handle"
    RETURN = "return"
    ANSWER = "answer"
    CONFIRM = "confirm"
    CLOSE = "close"
    REOPEN = "reopen"
    ASK_REVIEW = "ask_review"
    REVIEW = "review"
    ASK_FINAL_REVIEW = "ask_final_review"
    FINAL_REVIEW = "final_review"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"

    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    REMIND = "remind"
    SUPERVISE = "supervise"
    NOTE = "note"
    TELL = "tell"
    SUPPLEMENT = "supplement"
    CLASSIFY = "classify"
    RECUSE = "recuse"
    UNMASK = "unmask"
    RATE = "rate"
    HOLD = "hold"
    RELEASE = "release"
    ASK_ERASURE = "ask_erasure"
    REFUSE_ERASURE = "refuse_erasure"
    ERASE = "erase"
    RECEIVE = "receive"
    PROMISE = "promise"
    OWN = "own"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return ACTION_LABELS[self]


class Need(StrEnum):
    """What an action must bring, or what must be true, beside role and state."""

    TOLD = "told"  # a text for the filer
    NOTE = "note"  # a reason, kept inside
    UNIT = "unit"  # a lead department or township that is neither accused nor tied
    LEAD = "lead"  # the actor belongs to the lead unit
    MEMBER = "member"  # the actor belongs to a unit at work on it, lead or joint
    UNBOUND = "unbound"  # the actor is neither named in the petition nor tied to it
    PLAIN = "plain"  # it accuses nobody: who accuses is known to the petition office alone
    CONTEST_TIME = "contest_time"  # 5 working days from the assignment
    OBJECTION_TIME = "objection_time"  # has passed since the answer
    REVIEW_TIME = "review_time"  # 30 days from the reply, not passed
    REVIEW_TIME_PASSED = "review_time_passed"
    APPEAL = "appeal"  # it is 申诉求决: only there the regulation lets the days of handling be extended
    RUNNING = "running"  # the clock is not paused
    PAUSED = "paused"
    FREE = "free"  # not held against erasure
    HELD = "held"
    ASKED = "asked"  # the filer asked for erasure and has no answer yet
    UNASKED = "unasked"


STATE_LABELS: dict[PetitionState, str] = {
    PetitionState.FILED: "已提交",
    PetitionState.ACCEPTED: "已受理",
    PetitionState.REDIRECTED: "已转其他途径",
    PetitionState.NOT_ACCEPTED: "不予受理",
    PetitionState.ASSIGNED: "已交办",
    PetitionState.CONTESTED: "对交办有异议",
    PetitionState.HANDLED: "已办理",
    PetitionState.ANSWERED: "已答复",
    PetitionState.CONFIRMED: "来信人已确认",
    PetitionState.CLOSED: "已办结",
    PetitionState.REVIEWING: "复查中",
    PetitionState.REVIEWED: "已复查",
    PetitionState.FINAL_REVIEWING: "复核中",
    PetitionState.FINAL: "已复核",
    PetitionState.MERGED: "已并入另一件",
    PetitionState.WITHDRAWN: "已撤回",
}
WAITS_FOR: dict[PetitionState, str] = {
    PetitionState.FILED: "信访局登记受理",
    PetitionState.ACCEPTED: "信访局交办",
    PetitionState.ASSIGNED: "承办单位办理",
    PetitionState.CONTESTED: "信访局重新确定承办单位",
    PetitionState.HANDLED: "承办单位答复",
    PetitionState.ANSWERED: "来信人确认，或异议期满",
    PetitionState.CONFIRMED: "信访局办结",
    PetitionState.REVIEWING: "信访局答复复查",
    PetitionState.REVIEWED: "来信人确认，或复核申请期满",
    PetitionState.FINAL_REVIEWING: "信访局答复复核",
}
OPEN = frozenset(
    {
        PetitionState.FILED,
        PetitionState.ACCEPTED,
        PetitionState.ASSIGNED,
        PetitionState.CONTESTED,
        PetitionState.HANDLED,
        PetitionState.REVIEWING,
        PetitionState.FINAL_REVIEWING,
    }
)
# An opinion was given, by the unit or in a review: it may be rated and, redacted, be made public.
REPLIED = (
    PetitionState.ANSWERED,
    PetitionState.CONFIRMED,
    PetitionState.CLOSED,
    PetitionState.REVIEWED,
    PetitionState.FINAL,
)
# The filer may confirm or object; without a word from them it is closed when that time is over.
WITH_FILER = (PetitionState.ANSWERED, PetitionState.REVIEWED)
# The actions that move the state; a filing begins it.
MOVING = frozenset(
    {
        PetitionAction.ACCEPT,
        PetitionAction.REDIRECT,
        PetitionAction.NOT_ACCEPT,
        PetitionAction.ASSIGN,
        PetitionAction.CONTEST,
        PetitionAction.HANDLE,
        PetitionAction.RETURN,
        PetitionAction.ANSWER,
        PetitionAction.CONFIRM,
        PetitionAction.CLOSE,
        PetitionAction.REOPEN,
        PetitionAction.ASK_REVIEW,
        PetitionAction.REVIEW,
        PetitionAction.ASK_FINAL_REVIEW,
        PetitionAction.FINAL_REVIEW,
        PetitionAction.MERGE,
        PetitionAction.UNMERGE,
        PetitionAction.WITHDRAW,
    }
)
# Ends at which content may be erased one day; of a merged one, when the one that took it in is at its end.
ENDED = frozenset(
    {
        PetitionState.CLOSED,
        PetitionState.FINAL,
        PetitionState.REDIRECTED,
        PetitionState.NOT_ACCEPTED,
        PetitionState.WITHDRAWN,
        PetitionState.MERGED,
    }
)
ACTION_LABELS: dict[PetitionAction, str] = {
    PetitionAction.FILE: "提交",
    PetitionAction.ACCEPT: "受理",
    PetitionAction.REDIRECT: "转其他途径",
    PetitionAction.NOT_ACCEPT: "不予受理",
    PetitionAction.ASSIGN: "交办",
    PetitionAction.CONTEST: "提出管辖异议",
    PetitionAction.HANDLE: "报告办理情况",
    PetitionAction.RETURN: "退回重办",
    PetitionAction.ANSWER: "答复",
    PetitionAction.CONFIRM: "确认已解决",
    PetitionAction.CLOSE: "办结",
    PetitionAction.REOPEN: "重新办理",
    PetitionAction.ASK_REVIEW: "申请复查",
    PetitionAction.REVIEW: "答复复查",
    PetitionAction.ASK_FINAL_REVIEW: "申请复核",
    PetitionAction.FINAL_REVIEW: "答复复核",
    PetitionAction.MERGE: "并案",
    PetitionAction.UNMERGE: "取消并案",
    PetitionAction.WITHDRAW: "撤回",
    PetitionAction.ASK_EXTENSION: "申请延期",
    PetitionAction.EXTEND: "批准延期",
    PetitionAction.PAUSE: "暂停计时",
    PetitionAction.RESUME: "恢复计时",
    PetitionAction.REMIND: "催办",
    PetitionAction.SUPERVISE: "督办",
    PetitionAction.NOTE: "内部备注",
    PetitionAction.TELL: "告知来信人",
    PetitionAction.SUPPLEMENT: "补充材料",
    PetitionAction.CLASSIFY: "调整分类",
    PetitionAction.RECUSE: "回避",
    PetitionAction.UNMASK: "查看来信人身份",
    PetitionAction.RATE: "评价",
    PetitionAction.HOLD: "暂不清除",
    PetitionAction.RELEASE: "解除暂不清除",
    PetitionAction.ASK_ERASURE: "申请清除内容",
    PetitionAction.REFUSE_ERASURE: "不予清除",
    PetitionAction.ERASE: "清除内容",
    PetitionAction.RECEIVE: "接访记录",
    PetitionAction.PROMISE: "承诺",
    PetitionAction.OWN: "包案",
}


_A, _S, _N = PetitionAction, PetitionState, Need
_OFFICE = Role.PETITION_OFFICE
_UNITS = (Role.DEPARTMENT, Role.TOWNSHIP)
_ENDED = tuple(state for state in PetitionState if state in ENDED)
_IN_WORK = (_S.ASSIGNED, _S.CONTESTED, _S.HANDLED)
_CLOCKED = (_S.FILED, _S.ACCEPTED, *_IN_WORK, _S.REVIEWING, _S.FINAL_REVIEWING)
_OVER = (_S.REDIRECTED, _S.NOT_ACCEPTED, _S.REVIEWED, _S.FINAL, _S.WITHDRAWN)
_ANY: tuple[PetitionState, ...] = tuple(state for state in PetitionState if state is not _S.MERGED)
_MOVES: tuple[Move[PetitionAction, PetitionState, Need], ...] = (
    *moves(_A.ACCEPT, (_S.FILED,), _S.ACCEPTED, (_OFFICE,), _N.UNBOUND),
    *moves(_A.ACCEPT, (_S.REDIRECTED, _S.NOT_ACCEPTED), _S.ACCEPTED, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    *moves(_A.REDIRECT, (_S.FILED, _S.ACCEPTED, _S.CONTESTED), _S.REDIRECTED, (_OFFICE,), _N.TOLD, _N.UNBOUND),
    *moves(_A.NOT_ACCEPT, (_S.FILED,), _S.NOT_ACCEPTED, (_OFFICE,), _N.TOLD, _N.UNBOUND),
    *moves(_A.ASSIGN, (_S.ACCEPTED, _S.CONTESTED), _S.ASSIGNED, (_OFFICE,), _N.UNIT, _N.UNBOUND),
    *moves(_A.ASSIGN, (_S.ASSIGNED, _S.HANDLED), _S.ASSIGNED, (_OFFICE,), _N.UNIT, _N.NOTE, _N.UNBOUND),
    *moves(_A.CONTEST, (_S.ASSIGNED,), _S.CONTESTED, _UNITS, _N.LEAD, _N.NOTE, _N.CONTEST_TIME),
    *moves(_A.HANDLE, (_S.ASSIGNED,), _S.HANDLED, _UNITS, _N.LEAD, _N.NOTE, _N.UNBOUND),
    *moves(_A.RETURN, (_S.HANDLED,), _S.ASSIGNED, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    *moves(_A.ANSWER, (_S.HANDLED,), _S.ANSWERED, _UNITS, _N.LEAD, _N.TOLD, _N.UNBOUND),
    *moves(_A.CONFIRM, (_S.ANSWERED, _S.REVIEWED), _S.CONFIRMED, (FILER,)),
    *moves(_A.CLOSE, (_S.CONFIRMED,), _S.CLOSED, (_OFFICE, SYSTEM), _N.UNBOUND),
    *moves(_A.CLOSE, (_S.ANSWERED,), _S.CLOSED, (_OFFICE, SYSTEM), _N.OBJECTION_TIME, _N.UNBOUND),
    *moves(_A.CLOSE, (_S.REVIEWED,), _S.CLOSED, (_OFFICE, SYSTEM), _N.REVIEW_TIME_PASSED, _N.UNBOUND),
    *moves(_A.REOPEN, (_S.ANSWERED, _S.CONFIRMED, _S.CLOSED), _S.ASSIGNED, (FILER, _OFFICE), _N.NOTE),
    *moves(_A.ASK_REVIEW, (_S.ANSWERED, _S.CLOSED), _S.REVIEWING, (FILER, _OFFICE), _N.NOTE, _N.REVIEW_TIME),
    *moves(_A.REVIEW, (_S.REVIEWING,), _S.REVIEWED, (_OFFICE,), _N.TOLD, _N.UNBOUND),
    *moves(_A.ASK_FINAL_REVIEW, (_S.REVIEWED,), _S.FINAL_REVIEWING, (FILER, _OFFICE), _N.NOTE, _N.REVIEW_TIME),
    *moves(_A.FINAL_REVIEW, (_S.FINAL_REVIEWING,), _S.FINAL, (_OFFICE,), _N.TOLD, _N.UNBOUND),
    *moves(_A.MERGE, (_S.FILED, _S.ACCEPTED, _S.ASSIGNED), _S.MERGED, (_OFFICE,), _N.TOLD, _N.UNBOUND),
    *moves(_A.UNMERGE, (_S.MERGED,), _S.FILED, (_OFFICE,), _N.NOTE),
    *moves(_A.WITHDRAW, (_S.FILED, _S.ACCEPTED, *_IN_WORK), _S.WITHDRAWN, (FILER,), _N.NOTE),
    *moves(_A.ASK_EXTENSION, (_S.ASSIGNED, _S.HANDLED), None, _UNITS, _N.LEAD, _N.NOTE, _N.UNBOUND, _N.APPEAL),
    *moves(_A.EXTEND, (_S.ASSIGNED, _S.HANDLED), None, (_OFFICE,), _N.TOLD, _N.UNBOUND, _N.APPEAL),
    *moves(_A.PAUSE, _CLOCKED, None, (_OFFICE,), _N.TOLD, _N.RUNNING, _N.UNBOUND),
    *moves(_A.RESUME, _CLOCKED, None, (_OFFICE, SYSTEM), _N.PAUSED),
    *moves(_A.REMIND, (*_CLOCKED, _S.CONFIRMED), None, (_OFFICE, SYSTEM)),
    *moves(_A.SUPERVISE, (*_CLOCKED, _S.CONFIRMED), None, (_OFFICE, Role.COUNTY_OFFICE, SYSTEM), _N.NOTE),
    *moves(_A.NOTE, _ANY, None, (_OFFICE,), _N.NOTE),
    *moves(_A.NOTE, _ANY, None, _UNITS, _N.MEMBER, _N.NOTE, _N.UNBOUND),
    *moves(_A.TELL, _ANY, None, (_OFFICE,), _N.TOLD),
    *moves(_A.TELL, _ANY, None, _UNITS, _N.LEAD, _N.TOLD, _N.UNBOUND),
    *moves(_A.SUPPLEMENT, (*_CLOCKED, _S.ANSWERED), None, (FILER, _OFFICE), _N.NOTE),
    # A ticket of the hotline that comes again: what it says is kept with the petition, whatever became of that.
    *moves(_A.SUPPLEMENT, _OVER, None, (_OFFICE, SYSTEM), _N.NOTE),
    *moves(_A.CLASSIFY, _ANY, None, (_OFFICE,), _N.UNBOUND),
    *moves(_A.RECUSE, _ANY, None, (_OFFICE,), _N.NOTE),
    *moves(_A.RECUSE, _ANY, None, _UNITS, _N.MEMBER, _N.NOTE),
    *moves(_A.UNMASK, tuple(PetitionState), None, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    *moves(_A.UNMASK, (_S.ASSIGNED, _S.HANDLED, _S.ANSWERED), None, _UNITS, _N.LEAD, _N.NOTE, _N.UNBOUND, _N.PLAIN),
    *moves(_A.RATE, REPLIED, None, (FILER,)),
    *moves(_A.RATE, REPLIED, None, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    # What was said face to face is kept in whatever state the petition is; which step of a promise, see promise_states.
    *moves(_A.RECEIVE, tuple(PetitionState), None, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    *moves(_A.PROMISE, tuple(PetitionState), None, (_OFFICE,), _N.UNBOUND),
    *moves(_A.PROMISE, tuple(PetitionState), None, _UNITS, _N.MEMBER, _N.UNBOUND),
    *moves(_A.PROMISE, tuple(PetitionState), None, (FILER, SYSTEM)),
    *moves(_A.OWN, _ANY, None, (_OFFICE,), _N.NOTE, _N.UNBOUND),
    *moves(_A.HOLD, tuple(PetitionState), None, (_OFFICE,), _N.NOTE, _N.FREE),
    *moves(_A.RELEASE, tuple(PetitionState), None, (_OFFICE,), _N.NOTE, _N.HELD),
    *moves(_A.ASK_ERASURE, _ENDED, None, (FILER,), _N.NOTE, _N.UNASKED),
    *moves(_A.REFUSE_ERASURE, _ENDED, None, (_OFFICE,), _N.TOLD, _N.ASKED, _N.UNBOUND),
    *moves(_A.ERASE, _ENDED, None, (_OFFICE,), _N.FREE, _N.ASKED, _N.UNBOUND),
    *moves(_A.ERASE, _ENDED, None, (SYSTEM,), _N.FREE),
)
TABLE = StateTable(
    PetitionAction,
    _MOVES,
    start=PetitionState.FILED,
    begin=PetitionAction.FILE,
    refusal="这件信访现在是“{state}”，不能{action}。",
)
TRANSITIONS = TABLE.moves
transition = TABLE.transition
actions_for = TABLE.actions_for
may_act = TABLE.may_act
why_not = TABLE.why_not
replay = TABLE.replay


def action_to(target: PetitionState, state: PetitionState, role: str) -> PetitionAction | None:
    """The action by which a role takes a petition from one state to another; None when there is no such step."""
    moving = (one for one in TRANSITIONS if one.source is state and one.target is target and role in one.roles)
    return next((one.action for one in moving if one.action in MOVING), None)
