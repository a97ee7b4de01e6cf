"""What a table of old and new codes comes to: which places end, begin, are renamed, and which number each household gets. Pure.

The narrower line wins: a village goes on elsewhere as a whole, but for the groups and households that have a line of their own.
No code is ever used again, so whoever comes to a place gets a number that nobody there ever had.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from households.codes import (
    MAX_GROUP_NO,
    MAX_SERIAL,
    Level,
    cut,
    group_of,
    is_level,
    level_of,
    parent,
    path,
    serial_of,
    village_of,
)

MAX_NAME = 60
OLD, NEW, NAME = "old_code", "new_code", "new_name"  # columns


@dataclass(frozen=True, slots=True)
class MapLine:
    """One line: `old` goes on as `new`. Without `new`, or the same, it is renamed; without `old` a place begins."""

    line: int
    old: str
    new: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    name: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class LineFault:
    line: int
    column: str
    words: str


@dataclass
class PlacesPlan:
    """`ways`: places that end, and as what each goes on. `makes`: places that begin, by code, the wider ones first."""

    ways: dict[str, str] = field(default_factory=dict)
    makes: dict[str, str] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # of the codes above: which line said so
    single: list[MapLine] = field(default_factory=list)  # lines of households
    faults: list[LineFault] = field(default_factory=list)
    hints: list[LineFault] = field(default_factory=list)


class _Planner:
    def __init__(self, lines: Sequence[MapLine], known: Mapping[str, KnownPlace]) -> None:
        self.known = known
        self.plan = PlacesPlan()
        self.taken = set(known)
        self.own = {one.old: one for one in reversed(lines) if one.old}
        self.new = {one.new: one for one in reversed(lines) if one.new}
        self.below: dict[str, list[str]] = defaultdict(list)
        for code, place in sorted(known.items()):
            if not place.ended and (above := parent(code)):
                self.below[above].append(code)
        self.highest: dict[str, int] = {}

    def refuse(self, line: int, column: str, words: str) -> None:
        self.plan.faults.append(LineFault(line, column, words))

    def run(self, lines: Sequence[MapLine]) -> PlacesPlan:
        plan = self.plan
        for one in lines:
            self._sort(one)
        if plan.faults:
            return plan
        for one in sorted(lines, key=lambda each: (len(each.new or each.old), each.line)):
            if not one.old and one.new:
                self._make(one.new, one.name, one.line)
        moved = [one for one in lines if one.old and self._moves(one)]
        for one in sorted(moved, key=lambda each: (len(each.old), each.line)):
            if is_level(one.old, Level.HOUSEHOLD):
                plan.single.append(one)
            elif one.old not in plan.ways:
                self._go(one.old, one.new, one)
        self._check_targets()
        self._tell_emptied()
        plan.makes = dict(sorted(plan.makes.items(), key=lambda item: (len(item[0]), item[0])))
        return plan

    @staticmethod
    def _moves(one: MapLine) -> bool:
        return bool(one.new) and one.new != one.old

    def _sort(self, one: MapLine) -> None:
        """What can be said of a line by itself."""
        old, new = self.known.get(one.old), self.known.get(one.new)
        if self.own.get(one.old, one) is not one:
            self.refuse(one.line, OLD, f"{one.old} 在文件里有两行，只能去一个地方")
        elif not one.old and not one.new:
            self.refuse(one.line, OLD, "旧编码和新编码都空着")
        elif not one.old:
            if is_level(one.new, Level.HOUSEHOLD) or not one.name:
                self.refuse(one.line, NAME, "新设的区划要写名称；户不能在这里新增")
            elif new:
                self.refuse(one.line, NEW, f"{one.new} 已经用过了（{new.name}），用过的编码不再用")
        elif not is_level(one.old, Level.HOUSEHOLD) and (old is None or old.ended):
            self.refuse(one.line, OLD, f"{old.name}已经停用" if old else f"没有编码为 {one.old} 的区划")
        elif not self._moves(one):
            self._rename(one, old)
        else:
            self._sort_move(one, new)

    def _sort_move(self, one: MapLine, new: KnownPlace | None) -> None:
        levels = (level_of(one.old), level_of(one.new))
        if levels[0] is not levels[1] and levels != (Level.HOUSEHOLD, Level.GROUP):
            self.refuse(one.line, NEW, f"旧编码是{levels[0].label}，新编码是{levels[1].label}，要同一级")
        elif levels[0] is Level.COUNTY or cut(one.old, Level.COUNTY) != cut(one.new, Level.COUNTY):
            self.refuse(one.line, NEW, "只能在本县之内调整")
        elif new and new.ended:
            self.refuse(one.line, NEW, f"{one.new} 已经停用（{new.name}），用过的编码不再用")
        elif one.name and levels[0] is Level.HOUSEHOLD:
            self.refuse(one.line, NAME, "户没有名称，这一格请空着")
        elif new and one.name and one.name != new.name:
            self.plan.renames[one.new] = one.name
            self.plan.lines.setdefault(one.new, one.line)

    def _rename(self, one: MapLine, old: KnownPlace | None) -> None:
        if is_level(one.old, Level.HOUSEHOLD) or old is None:
            self.refuse(one.line, NEW, "户没有名称；要改到别的组，请写新编码")
        elif not one.name:
            self.refuse(one.line, NEW, "没有新编码，也没有新名称")
        elif one.name == old.name:
            self.refuse(one.line, NAME, f"现在就叫{old.name}")
        else:
            self.plan.renames[one.old] = one.name
            self.plan.lines[one.old] = one.line

    def _make(self, code: str, name: str, line: int) -> None:
        if code not in self.taken:
            self.plan.makes[code], self.plan.lines[code] = name[:MAX_NAME], line
            self.taken.add(code)

    def _go(self, old: str, new: str, said: MapLine) -> None:
        """`old` goes on as `new`, and what lies in it as what the lines say, or under the same number, or the next one."""
        self.plan.ways[old] = new
        self.plan.lines.setdefault(old, said.line)
        if new not in self.taken:
            name = said.name if said.old == old and said.name else self._name_there(old, new)
            self._make(new, name, said.line)
        for below in sorted(self.below[old], key=lambda code: (not self._is_free(self._same(code, new)), code)):
            own = self.own.get(below)
            if own and self._moves(own):
                continue
            if own:
                self.refuse(own.line, NEW, f"{self.known[old].name}改了编码，这一行要写新编码")
                continue
            if there := self._number_there(below, new, said):
                self._go(below, there, said)

    def _name_there(self, old: str, new: str) -> str:
        """Two groups of one village never bear one name: what comes from elsewhere says from where."""
        name = self.known[old].name
        siblings = {self.known[code].name for code in self.below[parent(new) or ""] if code not in self.plan.ways}
        siblings |= {made for code, made in self.plan.makes.items() if parent(code) == parent(new)}
        if name not in siblings:
            return name
        above = self.known.get(parent(old) or "")
        return f"{above.name if above else ''}{name}"[:MAX_NAME]

    @staticmethod
    def _same(below: str, new: str) -> str:
        """Under its own number."""
        return new + below[len(parent(below) or "") :]

    def _is_free(self, code: str) -> bool:
        return code not in self.taken and code not in self.new

    def _number_there(self, below: str, new: str, said: MapLine) -> str:
        if self._is_free(same := self._same(below, new)):
            return same
        if not is_level(below, Level.GROUP):
            words = f"{self.known[below].name}（{below}）的编码在新的上级下用过了，请加一行写明它的新编码"
            self.refuse(said.line, NEW, words)
            return ""
        there = (code for code in (*self.taken, *self.new) if len(code) == len(below) and code.startswith(new))
        number = self.highest.get(new) or max(int(code[-2:]) for code in there)  # `same` at least is among them
        self.highest[new] = number = number + 1
        if number > MAX_GROUP_NO:
            self.refuse(said.line, NEW, f"新的村里组号用完了（最多 {MAX_GROUP_NO} 个组）")
            return ""
        return f"{new}{number:02d}"

    def _check_targets(self) -> None:
        """What is gone to stands, inside what stands."""
        ways = self.plan.ways
        for one in [*self.own.values(), *(each for each in self.new.values() if not each.old)]:
            if not one.new or not (self._moves(one) or not one.old):
                continue
            group = group_of(one.new)
            if one.new in ways or group in ways:
                self.refuse(one.line, NEW, f"{one.new} 在这个文件里也改了编码，请分两次办")
            above = [code for code in path(group) if code != one.new or is_level(one.old, Level.HOUSEHOLD)]
            if lacking := next((code for code in above if code not in self.taken or self._is_over(code)), ""):
                self.refuse(one.line, NEW, f"上级 {lacking} 没有，或者已经停用")

    def _is_over(self, code: str) -> bool:
        place = self.known.get(code)
        return code in self.plan.ways or bool(place and place.ended)

    def _tell_emptied(self) -> None:
        for village in sorted({village_of(old) for old in self.plan.ways if is_level(old, Level.GROUP)}):
            made_here = any(village_of(code) == village for code in self.plan.makes)
            if (
                village not in self.plan.ways
                and not made_here
                and all(g in self.plan.ways for g in self.below[village])
            ):
                line = self.plan.lines[self.below[village][0]]
                words = f"{self.known[village].name}的组都调走了，村还在册；要撤销这个村，请加一行写明它改为哪个村"
                self.plan.hints.append(LineFault(line, OLD, words))


def places_plan(lines: Sequence[MapLine], known: Mapping[str, KnownPlace]) -> PlacesPlan:
    """What the lines do to the places; with faults where they cannot."""
    return _Planner(lines, known).run(lines)


@dataclass
class HouseholdsPlan:
    pairs: list[tuple[str, str]] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)


class _Numbers:
    """The door numbers of a group: those that were ever given, and the next one."""

    def __init__(self, used: Iterable[int]) -> None:
        self.used = set(used)
        self.last = max(self.used, default=0)

    def take(self, number: int) -> bool:
        if not number or number in self.used:
            return False
        self.used.add(number)
        self.last = max(self.last, number)
        return True

    def next(self) -> int:
        """0 when there is none left."""
        number = self.last + 1
        return number if number <= MAX_SERIAL and self.take(number) else 0


def households_plan(places: PlacesPlan, living: Iterable[str], used: Mapping[str, Iterable[int]]) -> HouseholdsPlan:
    """(old code, new code) of every household that gets another one. `living` are those of the groups that end and those that
    have a line; `used` the numbers that were ever given in the groups they come to.

    Numbers that a line asks for come first, then those that can be kept, then the next ones.
    """
    plan, there = HouseholdsPlan(), sorted(living)
    single = {one.old: one for one in places.single}
    plan.faults = list(_wrong_lines(places.single, set(there)))
    to = {code: single[code].new if code in single else places.ways.get(group_of(code), "") for code in there}
    numbers: dict[str, _Numbers] = {}
    chosen: dict[str, str] = {}

    def give(code: str, number: int) -> None:
        chosen[code] = f"{group_of(to[code])}{number:04d}"

    going = [code for code in there if to[code]]
    for code in going:
        group = group_of(to[code])
        known = numbers.setdefault(group, _Numbers(used.get(group, ())))
        asked = int(serial_of(to[code]) or 0)
        if asked and known.take(asked):
            give(code, asked)
        elif asked:
            plan.faults.append(LineFault(single[code].line, NEW, f"户号 {asked:04d} 用过了，用过的户号不再用"))
    left = [code for code in going if not serial_of(to[code])]
    for code in left:
        if numbers[to[code]].take(own := int(serial_of(code))):
            give(code, own)
    for code in left:
        if code not in chosen and (number := numbers[to[code]].next()):
            give(code, number)
        elif code not in chosen:
            line = single[code].line if code in single else places.lines.get(group_of(code), 0)
            plan.faults.append(LineFault(line, NEW, "这个组的户号用完了"))
            break
    plan.pairs = sorted(chosen.items())
    return plan


def _wrong_lines(single: Iterable[MapLine], living: set[str]) -> Iterator[LineFault]:
    for one in single:
        if one.old not in living:
            yield LineFault(one.line, OLD, f"没有编号为 {one.old} 的在册户")
        elif one.new == group_of(one.old):
            yield LineFault(one.line, NEW, "还在原来的组")
