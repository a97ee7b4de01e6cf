"""What becomes of a department's finding, out of what stands beside it. Pure."""

from enum import StrEnum

from scoring.states import AdjustmentState, EventState


class FindingState(StrEnum):
    """PENDING waits on the sheet for a second person, LATE found the month signed for; ASKED waits for a correction."""

    PENDING = "pending"
    COUNTED = "counted"
    LATE = "late"
    EXPLAINED = "explained"
    ASKED = "asked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self in (FindingState.PENDING, FindingState.LATE, FindingState.ASKED)


LABELS: dict[FindingState, str] = {
    FindingState.PENDING: "已到台账，等第二人确认",
    FindingState.COUNTED: "已经计分",
    FindingState.LATE: "本月已经申报，等村里说明或者乡镇更正",
    FindingState.EXPLAINED: "村里已经说明，没有计分",
    FindingState.ASKED: "乡镇已经申请更正，等县六零办",
    FindingState.DECLINED: "没有更正",
    FindingState.WITHDRAWN: "已撤回",
}
_OF_EVENTS = {
    EventState.PENDING: FindingState.PENDING,
    EventState.CONFIRMED: FindingState.COUNTED,
    EventState.WITHDRAWN: FindingState.WITHDRAWN,
}
_OF_CORRECTIONS = {
    AdjustmentState.ASKED: FindingState.ASKED,
    AdjustmentState.GRANTED: FindingState.COUNTED,
    AdjustmentState.REFUSED: FindingState.DECLINED,
}


def finding_state(
    *, withdrawn: bool, event: EventState | None, correction: AdjustmentState | None, answer: str = ""
) -> FindingState:
    """The state that these amount to; `answer` is the kind of the last one, empty without any."""
    if withdrawn:
        return FindingState.WITHDRAWN
    if event:
        return _OF_EVENTS[event]
    if correction:
        return _OF_CORRECTIONS[correction]
    return FindingState(answer) if answer else FindingState.LATE
