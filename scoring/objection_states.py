"""What an objection (异议) goes through: who moves it, from where to where, and within how many days. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from households.roles import Role
from households.state_tables import StateTable, moves
from households.workdays.workdays import on_or_after
from scoring.states import SYSTEM


class ObjectionState(StrEnum):
    """FIRST waits for the village's panel, ANSWERED may still be taken further, SECOND waits above the village."""

    FIRST = "first"
    ANSWERED = "answered"
    SECOND = "second"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody can still move it: then its village is not frozen."""
        return self in OPEN


class ObjectionHolder(StrEnum):
    """Who has an open objection in hand: OBJECTOR while whoever objected may take it further."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    OBJECTOR = "objector"

    @property
    def label(self) -> str:
        """The holder in Chinese."""
        return _HOLDERS[self]


@dataclass(frozen=True, slots=True)
class HeldObjection:
    """An open objection by its number `pk`: filed on the day `since`, in time until `due_on`, last reminded of on `reminded`."""

    pk: int
    since: date
    holder: ObjectionHolder
    due_on: date
    reminded: date | None = None

    def days_late(self, on: date) -> int:
        """How many days past the last one in time; 0 where nobody has to rule."""
        return max(0, (on - self.due_on).days) if self.holder is not ObjectionHolder.OBJECTOR else 0


class ObjectionAction(StrEnum):
    FILE = "file"
    UPHOLD = "uphold"
    REJECT = "reject"
    HAND_ON = "hand_on"
    APPEAL = "appeal"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> str:
        """The action in Chinese."""
        return _ACTIONS[self]


class ObjectionWay(StrEnum):
    """How it came: from the household's page, on its paper that somebody keyed in, by a supervisor, by a department."""

    PLATE = "plate"
    PAPER = "paper"
    SUPERVISOR = "supervisor"
    DEPARTMENT = "department"

    @property
    def label(self) -> str:
        """The way in Chinese."""
        return _WAYS[self]


_STATES = {
    ObjectionState.FIRST: "等村里评议",
    ObjectionState.ANSWERED: "村里不同意，可以请上级复核",
    ObjectionState.SECOND: "等上级复核",
    ObjectionState.UPHELD: "成立",
    ObjectionState.DISMISSED: "不成立",
    ObjectionState.WITHDRAWN: "已撤回",
}
_HOLDERS = {
    ObjectionHolder.VILLAGE: "村里",
    ObjectionHolder.TOWNSHIP: "乡镇",
    ObjectionHolder.COUNTY: "县六零办",
    ObjectionHolder.OBJECTOR: "提出的人（可以请求复核）",
}
_ACTIONS = {
    ObjectionAction.FILE: "提出",
    ObjectionAction.UPHOLD: "裁定成立",
    ObjectionAction.REJECT: "裁定不成立",
    ObjectionAction.HAND_ON: "转上级",
    ObjectionAction.APPEAL: "请求复核",
    ObjectionAction.LAPSE: "到期没有请求复核",
    ObjectionAction.WITHDRAW: "撤回",
}
_WAYS = {
    ObjectionWay.PLATE: "本户扫户牌提出",
    ObjectionWay.PAPER: "本户书面提出",
    ObjectionWay.SUPERVISOR: "村务监督委员提出",
    ObjectionWay.DEPARTMENT: "登记的部门提出",
}
HOUSEHOLD = "household"  # whoever holds the plate's PIN
PANEL = (Role.CADRE, Role.SUPERVISOR)  # of the village; whoever has a part in the record is left out
KEYS_IN = (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP)  # what a household brings on paper; whoever did hears it no more
ABOVE = (Role.TOWNSHIP, Role.COUNTY_OFFICE)  # the county office where the township may not hear it
OPEN = (ObjectionState.FIRST, ObjectionState.ANSWERED, ObjectionState.SECOND)
REASON = "reason"

_S, _A = ObjectionState, ObjectionAction
TABLE: StateTable[ObjectionAction, ObjectionState, str] = StateTable(
    ObjectionAction,
    (
        *moves(_A.UPHOLD, (_S.FIRST,), _S.UPHELD, PANEL, REASON),
        *moves(_A.REJECT, (_S.FIRST,), _S.ANSWERED, PANEL, REASON),
        *moves(_A.UPHOLD, (_S.SECOND,), _S.UPHELD, ABOVE, REASON),
        *moves(_A.REJECT, (_S.SECOND,), _S.DISMISSED, ABOVE, REASON),
        *moves(_A.HAND_ON, (_S.FIRST,), _S.SECOND, (*PANEL, SYSTEM)),
        *moves(_A.HAND_ON, (_S.ANSWERED,), _S.SECOND, (SYSTEM,)),
        *moves(_A.APPEAL, (_S.ANSWERED,), _S.SECOND, (HOUSEHOLD, *KEYS_IN, Role.DEPARTMENT)),
        *moves(_A.LAPSE, (_S.ANSWERED,), _S.DISMISSED, (SYSTEM,)),
        *moves(_A.WITHDRAW, OPEN, _S.WITHDRAWN, (HOUSEHOLD, Role.SUPERVISOR, Role.DEPARTMENT)),
    ),
    start=_S.FIRST,
    begin=_A.FILE,
    refusal="这一件现在是“{state}”，不能{action}；只有{sources}时才可以{action}。",
)
WITHIN = {  # days for whoever it waits for; the last one is a working day
    ObjectionState.FIRST: timedelta(days=3),
    ObjectionState.ANSWERED: timedelta(days=3),
    ObjectionState.SECOND: timedelta(days=5),
}


def due_on(state: ObjectionState, since: date) -> date | None:
    """The last day in time for the next step; None once it is over."""
    return on_or_after(since + WITHIN[state]) if state in WITHIN else None
