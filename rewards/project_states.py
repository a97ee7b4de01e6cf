"""A village project from a line on the list of needs to the public account: its states, its money, its acceptance. Pure.

Source of the steps: the county's 积分换项目 (`domain.md` 1.3 and 6 rows 25, 37, 38): 收集需求 -> 群众选择 -> 立项 -> 实施 -> 验收 ->
决算公示.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from households.state_tables import StateTable, moves

SUPERVISORS_NEEDED = 2
# Of what was allocated, the share that may be paid before acceptance: the rest is what the builder still has to earn.
ADVANCE_PERCENT = 80


class ProjectState(StrEnum):
    LISTED = "listed"
    CHOSEN = "chosen"
    APPROVED = "approved"
    BUILDING = "building"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return LABELS[self]

    @property
    def waits_for(self) -> str:
        """Whose turn it is, in Chinese; empty at the end."""
        return WAITS_FOR[self]


class ProjectAction(StrEnum):
    LIST = "list"
    EDIT = "edit"
    MOVE = "move"
    CHOOSE = "choose"
    APPROVE = "approve"
    RETURN = "return"
    ALLOCATE = "allocate"
    RELEASE = "release"
    PLAN = "plan"
    START = "start"
    PROGRESS = "progress"
    PHOTO = "photo"
    PAY = "pay"
    REVERSE = "reverse"
    JUDGE = "judge"
    ACCEPT = "accept"
    CLOSE = "close"
    DROP = "drop"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return ACTION_LABELS[self]


LABELS: dict[ProjectState, str] = {
    ProjectState.LISTED: "需求",
    ProjectState.CHOSEN: "群众选定",
    ProjectState.APPROVED: "已立项",
    ProjectState.BUILDING: "施工中",
    ProjectState.ACCEPTED: "已验收",
    ProjectState.CLOSED: "已决算公示",
    ProjectState.DROPPED: "已取消",
}
WAITS_FOR: dict[ProjectState, str] = {
    ProjectState.LISTED: "村里组织群众选择",
    ProjectState.CHOSEN: "乡镇或县立项",
    ProjectState.APPROVED: "县六零办安排资金，村里开工",
    ProjectState.BUILDING: "村里施工，监督委员验收",
    ProjectState.ACCEPTED: "县六零办付清、办理决算",
    ProjectState.CLOSED: "",
    ProjectState.DROPPED: "",
}
ACTION_LABELS: dict[ProjectAction, str] = {
    ProjectAction.LIST: "列入清单",
    ProjectAction.EDIT: "修改",
    ProjectAction.MOVE: "调整顺序",
    ProjectAction.CHOOSE: "选定",
    ProjectAction.APPROVE: "立项",
    ProjectAction.RETURN: "退回",
    ProjectAction.ALLOCATE: "安排资金",
    ProjectAction.RELEASE: "收回资金",
    ProjectAction.PLAN: "安排节点",
    ProjectAction.START: "开工",
    ProjectAction.PROGRESS: "登记进度",
    ProjectAction.PHOTO: "改照片",
    ProjectAction.PAY: "付款",
    ProjectAction.REVERSE: "冲正付款",
    ProjectAction.JUDGE: "填写验收意见",
    ProjectAction.ACCEPT: "验收",
    ProjectAction.CLOSE: "决算公示",
    ProjectAction.DROP: "取消",
}
_S, _A = ProjectState, ProjectAction
_OPEN = (_S.LISTED, _S.CHOSEN, _S.APPROVED, _S.BUILDING, _S.ACCEPTED)
TABLE: StateTable[ProjectAction, ProjectState, str] = StateTable(
    ProjectAction,
    (
        *moves(_A.LIST, (_S.LISTED,), None),
        *moves(_A.EDIT, (_S.LISTED,), None),
        *moves(_A.MOVE, (_S.LISTED,), None),
        *moves(_A.CHOOSE, (_S.LISTED,), _S.CHOSEN),
        *moves(_A.APPROVE, (_S.CHOSEN,), _S.APPROVED),
        *moves(_A.RETURN, (_S.CHOSEN,), _S.LISTED),
        *moves(_A.ALLOCATE, (_S.APPROVED, _S.BUILDING), None),
        *moves(_A.RELEASE, (_S.APPROVED, _S.BUILDING, _S.ACCEPTED), None),
        *moves(_A.PLAN, (_S.APPROVED, _S.BUILDING), None),
        *moves(_A.START, (_S.APPROVED,), _S.BUILDING),
        *moves(_A.PROGRESS, (_S.BUILDING,), None),
        *moves(_A.PHOTO, _OPEN, None),
        *moves(_A.PAY, (_S.BUILDING, _S.ACCEPTED), None),
        *moves(_A.REVERSE, (_S.BUILDING, _S.ACCEPTED), None),
        *moves(_A.JUDGE, (_S.BUILDING,), None),
        *moves(_A.ACCEPT, (_S.BUILDING,), _S.ACCEPTED),
        *moves(_A.CLOSE, (_S.ACCEPTED,), _S.CLOSED),
        *moves(_A.DROP, (_S.LISTED, _S.CHOSEN, _S.APPROVED, _S.BUILDING), _S.DROPPED),
    ),
    start=_S.LISTED,
    refusal="项目现在是“{state}”，不能{action}；{sources}的项目才可以{action}。",
)
why_not = TABLE.why_not


def target(action: ProjectAction, state: ProjectState) -> ProjectState | None:
    """Where the action leads from this state: the same state for one that moves nothing, None when it is not possible."""
    move = TABLE.transition(action, state)
    return move.target if move else None


def is_open(state: ProjectState) -> bool:
    """Whether the project still has something ahead of it."""
    return state in _OPEN


def payable(allocated: int, paid: int, state: ProjectState) -> int:
    """Fen that may be paid now: all that is left once accepted, before that at most ADVANCE_PERCENT of what was allocated."""
    if state is ProjectState.ACCEPTED:
        return allocated - paid
    if state is not ProjectState.BUILDING:
        return 0
    return max(allocated * ADVANCE_PERCENT // 100 - paid, 0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's word in the round of acceptance under way."""

    person: int
    supervisor: bool
    passed: bool


def acceptance_lacks(judgements: Collection[Judgement], supervisors: int) -> str:
    """What acceptance still waits for, in Chinese; empty when it is complete.

    Two supervisors of the village, when it has two; else its one supervisor and the township.
    """
    passed = [judgement for judgement in judgements if judgement.passed]
    if supervisors >= SUPERVISORS_NEEDED:
        missing = SUPERVISORS_NEEDED - len({each.person for each in passed if each.supervisor})
        return f"还差 {missing} 名村务监督委员签字" if missing > 0 else ""
    lacks = [] if any(each.supervisor for each in passed) else ["村务监督委员"]
    lacks += [] if any(not each.supervisor for each in passed) else ["乡镇"]
    return f"还差{'和'.join(lacks)}签字" if lacks else ""


def moved(order: Sequence[int], item: int, up: bool) -> list[int]:
    """The list with `item` one place higher or lower; the same list when it stands at that end already."""
    after = list(order)
    at = after.index(item)
    other = at - 1 if up else at + 1
    if 0 <= other < len(after):
        after[at], after[other] = after[other], after[at]
    return after


def tally(options: Iterable[int], voices: Iterable[Collection[int]]) -> dict[int, int]:
    """Votes by option, every option named, in the order of `options`. What is no option is not counted."""
    votes = dict.fromkeys(options, 0)
    for picks in voices:
        for pick in set(picks):
            if pick in votes:
                votes[pick] += 1
    return votes


def winners(votes: Mapping[int, int], places: int) -> list[int]:
    """The options that won: at most `places`, most votes first, none without a vote.

    Of equals at the last place, the one earlier in the village's own order of urgency comes first (`votes` is in that order).
    """
    ranked = sorted((option for option, count in votes.items() if count), key=lambda option: -votes[option])
    return ranked[:places]
