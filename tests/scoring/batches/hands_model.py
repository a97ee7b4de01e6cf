"""What a village's sheet should say after many hands have written to it, by ADRs 3, 70 and 72 to 75. Knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

Fact = tuple[int, str, int]  # which household, under which clause, on which of two days
CADRE, LEADER, DEPARTMENT = "cadre", "leader", "department"
OWN_HANDS = (CADRE, LEADER)  # what a cadre may take back
OWN = "WJ07"  # the department's own clause; nobody else on the sheet records it


@dataclass(frozen=True)
class Entry:
    """`by` recorded it; it waits for a second person; `filed`: it came with a month's file. `number` says how manyeth it is."""

    number: int
    fact: Fact
    by: str
    waits: bool
    filed: bool = False


@dataclass(frozen=True)
class Jotted:
    """An operation that lies on a device: made when the first `seen` entries had been written, after the one it follows."""

    op: int
    fact: Fact
    again: bool
    seen: int
    by: str
    after: int | None


@dataclass
class Device:
    """Somebody's telephone: how much of the sheet it has read, and what the server has not answered."""

    by: str
    seen: int = 0
    queue: list[Jotted] = field(default_factory=list)


@dataclass
class SheetModel:
    """What stands, what is held, which findings wait beside a sheet that is signed for."""

    standing: list[Entry] = field(default_factory=list)
    made: int = 0
    ops: int = 0
    signed: bool = False
    late: list[Fact] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    held: dict[int, Jotted] = field(default_factory=dict)
    downloaded: int = 0
    devices: tuple[Device, Device] = field(default_factory=lambda: (Device(CADRE), Device(LEADER)))

    # One's own page, with a line

    def direct(self, by: str, fact: Fact) -> None:
        if not self.signed and not self.of(fact):
            self.write(fact, by)

    def confirm(self, at: int) -> None:
        if (one := self.nth(at)) and not self.signed and one.by != CADRE:
            self.exchange(one, replace(one, waits=False))

    def withdraw(self, by: str, at: int) -> None:
        may = {CADRE: OWN_HANDS, LEADER: (LEADER,)}[by]
        if (one := self.nth(at)) and not self.signed and one.by in may:
            self.standing.remove(one)

    def declare(self) -> None:
        """Whoever signs for the month confirms what leaders wrote down."""
        if not self.signed:
            self.signed = True
            self.standing = [replace(one, waits=False) if one.by == LEADER else one for one in self.standing]

    def undeclare(self) -> None:
        """Open again: what departments found meanwhile stands on it."""
        self.signed = False
        for fact in self.late:
            self.write(fact, DEPARTMENT)
        self.late = []

    # A department

    def find(self, home: int) -> None:
        fact = (home, OWN, 1)
        if self.of(fact) or fact in self.late:
            return
        if self.signed:
            self.late.append(fact)
        else:
            self.write(fact, DEPARTMENT)

    def unfind(self, home: int) -> None:
        fact = (home, OWN, 1)
        if fact in self.late:
            self.late.remove(fact)
        elif not self.signed:
            self.standing = [one for one in self.standing if one.fact != fact]

    # File and paper

    def download(self) -> None:
        self.downloaded = self.made

    def file(self, wanted: Sequence[Fact]) -> None:
        """The month as it was downloaded last, with these lines: what it knew and has no longer goes, what is new comes."""
        if self.signed:
            return
        left, gone = list(wanted), []
        for one in self.standing:
            if one.fact in left:
                left.remove(one.fact)
            elif one.by in OWN_HANDS and (one.number < self.downloaded or one.filed):
                gone.append(one)
        # Of equal entries the youngest goes; a fact that stands still is not written beside itself.
        self.standing = [one for one in self.standing if one not in gone]
        for fact in left:
            self.write(fact, CADRE, filed=True)

    def paper(self, rows: Sequence[Fact]) -> None:
        """All or nothing, by household and day."""
        if not self.signed and not any(self.of(row) for row in rows):
            for row in sorted(rows, key=lambda row: (row[0], row[2], row[1])):
                self.write(row, CADRE)

    # Devices without a line

    def read(self, which: int) -> None:
        self.devices[which].seen = self.made

    def jot(self, which: int, fact: Fact, again: bool) -> Jotted | None:
        device = self.devices[which]
        if any(one.fact == fact for one in device.queue):
            return None
        self.ops += 1
        after = device.queue[-1].op if device.queue else None
        one = Jotted(self.ops, fact, again, device.seen, device.by, after)
        device.queue.append(one)
        return one

    def arrive(self, ops: Sequence[Jotted]) -> None:
        """One request. What its sender had not seen is what was written since, but not by this very request."""
        here, ready = {one.op for one in ops}, []
        fresh = self.made
        for one in ops:
            if one.op in self.answered:
                continue
            if one.after is not None and one.after not in self.answered and one.after not in here:
                self.held[one.op] = one
                continue
            self.answered.add(one.op)
            self.carry_out(one, fresh)
            ready.append(one.op)
        for op in ready:
            self.held.pop(op, None)
        self.release()

    def release(self) -> None:
        while True:
            due = [one for one in self.held.values() if one.after in self.answered]
            if not due:
                return
            one = self.held.pop(due[0].op)
            self.answered.add(one.op)
            self.carry_out(one, self.made)

    def carry_out(self, one: Jotted, before: int) -> None:
        """Another's entry that the sender had not seen is a conflict, and so is one of the same day, whoever made it.

        One of the same day that was seen is written again only when that is meant.
        """
        home, clause, _ = one.fact
        unseen = [other for other in self.standing if other.fact[:2] == (home, clause)]
        unseen = [other for other in unseen if one.seen <= other.number < before]
        raced = any(other.fact == one.fact or other.by != one.by for other in unseen)
        if not self.signed and not raced and (one.again or not self.of(one.fact)):
            self.write(one.fact, one.by)

    def settle(self, which: int) -> None:
        """The device hears what was answered."""
        device = self.devices[which]
        device.queue = [one for one in device.queue if one.op not in self.answered]

    # What they share

    def write(self, fact: Fact, by: str, *, filed: bool = False) -> None:
        self.standing.append(Entry(self.made, fact, by, by in (LEADER, DEPARTMENT), filed))
        self.made += 1

    def of(self, fact: Fact) -> list[Entry]:
        return [one for one in self.standing if one.fact == fact]

    def nth(self, at: int) -> Entry | None:
        """The one that stands there, oldest first."""
        return self.standing[at] if at < len(self.standing) else None

    def exchange(self, one: Entry, other: Entry) -> None:
        self.standing[self.standing.index(one)] = other

    def said(self) -> object:
        """What can be compared with the real sheet."""
        return (
            [(one.fact, one.by, one.waits) for one in self.standing],
            self.signed,
            len(self.held),
            sorted(self.late),
        )
