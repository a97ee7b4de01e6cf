"""The figures of the county board: what was counted, and the rates that follow from it. Pure.

Every rate is a part of a whole that is shown beside it; a rate without a whole is nothing (None), never 0 or 100.

    受理   accept_due   clocks of acceptance that were met or missed in the period; accept_kept those met
    办结   due          clocks of handling that were met or missed; kept those answered in time; answered also those late
    网答   net_due      the shorter clocks of hotline and net; net_kept those met
    答复   answers      answers given, and what they have come to: confirmed, lapsed (nobody objected in time), reviewed,
                       reopened; the rest still waits
    评价   office_*, unit_*  ratings of those answers, about the accepting office and the responsible unit apart
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from petitions.shares import share

FEW = 3  # fewer ratings of a unit are not shown: they would point to who gave them


@dataclass(slots=True)
class Figures:
    """Counts of one line in one period; they can be added."""

    taken: int = 0
    accept_due: int = 0
    accept_kept: int = 0
    due: int = 0
    answered: int = 0
    kept: int = 0
    net_due: int = 0
    net_kept: int = 0
    answers: int = 0
    confirmed: int = 0
    lapsed: int = 0
    reviewed: int = 0
    reopened: int = 0
    closed: int = 0
    office_satisfied: int = 0
    office_fair: int = 0
    office_unsatisfied: int = 0
    unit_satisfied: int = 0
    unit_fair: int = 0
    unit_unsatisfied: int = 0
    upheld: int = 0
    changed: int = 0
    extended: int = 0

    def add(self, counts: dict[str, int]) -> None:
        """Add counts by name; a name that is no figure is a fault of the caller."""
        for name, number in counts.items():
            setattr(self, name, getattr(self, name) + number)

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def office_rated(self) -> int:
        """How many answers have a rating of the office."""
        return self.office_satisfied + self.office_fair + self.office_unsatisfied

    @property
    def unit_rated(self) -> int:
        """How many answers have a rating of the unit."""
        return self.unit_satisfied + self.unit_fair + self.unit_unsatisfied

    @property
    def settled(self) -> int:
        """Answers that have come to something."""
        return self.confirmed + self.lapsed + self.reviewed + self.reopened

    @property
    def rates(self) -> dict[str, float | None]:
        """Every rate, 0 to 1."""
        return {
            "accept_rate": share(self.accept_kept, self.accept_due),
            "reply_rate": share(self.answered, self.due),
            "keep_rate": share(self.kept, self.due),
            "net_rate": share(self.net_kept, self.net_due),
            "office_rate": share(self.office_satisfied + self.office_fair, self.office_rated),
            "office_response": share(self.office_rated, self.answers),
            "unit_rate": share(self.unit_satisfied + self.unit_fair, self.unit_rated),
            "unit_response": share(self.unit_rated, self.answers),
            "resolved_rate": share(self.confirmed + self.lapsed, self.settled),
        }


def added(many: Iterable[Figures]) -> Figures:
    """The sum of several lines."""
    total = Figures()
    for one in many:
        total.add({each.name: getattr(one, each.name) for each in fields(one)})
    return total


COLUMNS: dict[str, str] = {
    "taken": "收到",
    "accept_due": "应受理",
    "accept_kept": "按期受理",
    "accept_rate": "按期受理率",
    "due": "应办结",
    "answered": "已答复",
    "reply_rate": "答复率",
    "kept": "按期办结",
    "keep_rate": "按期办结率",
    "net_due": "热线网上应答",
    "net_kept": "热线网上按期",
    "net_rate": "热线网上按期率",
    "answers": "答复件次",
    "confirmed": "来信人确认",
    "lapsed": "期满无异议办结",
    "reviewed": "申请复查",
    "reopened": "重新办理",
    "resolved_rate": "事项化解率",
    "closed": "办结",
    "office_rated": "评信访部门",
    "office_response": "信访部门参评率",
    "office_satisfied": "信访部门满意",
    "office_fair": "信访部门基本满意",
    "office_unsatisfied": "信访部门不满意",
    "office_rate": "信访部门满意率",
    "unit_rated": "评责任单位",
    "unit_response": "责任单位参评率",
    "unit_satisfied": "责任单位满意",
    "unit_fair": "责任单位基本满意",
    "unit_unsatisfied": "责任单位不满意",
    "unit_rate": "责任单位满意率",
    "upheld": "复查复核维持",
    "changed": "复查复核改变",
    "extended": "批准延期",
}
# What comes in is nobody's merit or fault, and acceptance is the petition office's: neither is told of a unit.
_OFFICE_ONLY = frozenset({"taken"} | {name for name in COLUMNS if name.startswith(("accept_", "office_"))})
UNIT_COLUMNS: dict[str, str] = {name: label for name, label in COLUMNS.items() if name not in _OFFICE_ONLY}
_FEW_HIDE = frozenset({"unit_rated", "unit_response", "unit_satisfied", "unit_fair", "unit_unsatisfied", "unit_rate"})
RATES = frozenset(Figures().rates)


def told(figures: Figures, *, of_unit: bool = False) -> dict[str, int | float | None]:
    """Every column of a line as page, file and interface show it.

    Of a unit with fewer than FEW ratings nothing about them is told, and what is not a unit's is None.
    """
    rates = figures.rates
    hidden = _OFFICE_ONLY | (_FEW_HIDE if figures.unit_rated < FEW else frozenset()) if of_unit else frozenset()
    return {
        name: None if name in hidden else rates[name] if name in rates else getattr(figures, name) for name in COLUMNS
    }


def is_few(figures: Figures) -> bool:
    """Whether a unit's ratings are too few to be told, though there are some or answers to rate."""
    return figures.unit_rated < FEW and figures.answers > 0
