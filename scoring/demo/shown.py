"""The villages of the demo that people look at: their events are recorded by their own people, one by one."""

from dataclasses import dataclass
from functools import cached_property
from random import Random

from households.models import Division, Household, User
from households.scope import lies_in
from scoring.demo import made_up_events, months
from scoring.demo.made_up_events import ClauseChoice
from scoring.demo.months import Cast

SHARE = 0.08  # of households with an exception, so that the pages have something to show
ALL_ANSWERED = 0.25  # of months end with every matter of the village answered in time: two points for everybody
SMALL_THINGS = ("leader", "cadre")  # clauses that a village records by itself
DEDUCTION, BONUS, WAITING, FINDING, MEDIATED, ANSWERED = "WR02", "WR09", "FA03", "WJ07", "FF07", "FF11"


@dataclass
class ShownMonth:
    """One shown village in one month."""

    cast: Cast
    village: Division
    month: str
    rng: Random

    @cached_property
    def clauses(self) -> dict[str, ClauseChoice]:
        return {clause.code: clause for clause in months.clauses_of(self.month)}

    @cached_property
    def households(self) -> list[str]:
        inside = Household.objects.filter(lies_in(self.village.code)).order_by("code")
        return list(inside.values_list("code", flat=True))

    def play(self) -> int:
        """Record the month; returns how many events."""
        cadre = self.cast.cadres[self.village.code]
        one, other, wrong, waiting = self.rng.sample(self.households, 4)
        count = self.small_things(by=cadre)
        self.record(one, DEDUCTION, "往水沟里倒建筑垃圾，提醒两次没有清", by=cadre)
        self.record(other, BONUS, "院子收拾得整齐，村民小组评为示范户", by=cadre)
        self.record(waiting, WAITING, "堂屋里摆牌桌，劝了两次没有收", by=cadre)
        mistaken = self.record(wrong, DEDUCTION, "有人看见倒垃圾", by=cadre)
        months.withdraw(self.village, self.month, mistaken, "核实后不是这一户", self.rng, by=cadre)
        return count + 4 + self.from_outside()

    def small_things(self, *, by: User) -> int:
        """What the village notices by itself, drawn like everybody's."""
        own = [c for c in self.clauses.values() if c.recorder in SMALL_THINGS and not c.document_required]
        drawn = made_up_events.of_households(self.households, own, self.month, self.cast.today, self.rng, share=SHARE)
        lines = [(h.code, h.clause, h.day, h.document_no, h.note) for h in drawn]
        months.record(self.village, self.month, lines, self.rng, by=by)
        return len(lines)

    def from_outside(self) -> int:
        """What the petition office records, seldom for the whole village, and a department where it is linked."""
        mediated, found = self.rng.sample(self.households, 2)
        self.record(mediated, MEDIATED, "山林界址争执，双方签了协议", by=self.cast.petitions)
        count = 1
        if self.rng.random() < ALL_ANSWERED:
            self.record(self.village.code, ANSWERED, "", by=self.cast.petitions)
            count += 1
        if self.cast.department.scope.covers(self.village.code):
            self.record(found, FINDING, "责令改正决定已过期限", by=self.cast.department)
            count += 1
        return count

    def record(self, code: str, clause: str, note: str, *, by: User) -> int:
        """One event; returns its number."""
        day = made_up_events.day_in(self.month, self.cast.today, self.rng)
        document = made_up_events.document_for(self.clauses[clause], self.month, self.rng)
        line = (code, clause, day, document, note)
        return months.record(self.village, self.month, [line], self.rng, by=by)[0]
