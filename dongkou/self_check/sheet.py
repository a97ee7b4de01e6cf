"""The self-check sheet: each requirement, how it is met, and what this installation shows of it now."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db import DatabaseError, transaction

from dongkou.doctor.findings import WORDS, DoctorFinding, DoctorVerdict, look
from dongkou.self_check.looks import LOOKS
from dongkou.self_check.requirements import REQUIREMENTS, RULEBOOKS, Requirement

COLUMNS = {
    "rulebook": "依据",
    "head": "方面",
    "asked": "要求",
    "met": "怎么做到",
    "evidence": "凭证",
    "verdict": "现在",
    "seen": "这套系统上看到的",
    "left": "要人填的",
}
NOT_SEEN = "机器看不到"
_ORDER = list(DoctorVerdict)
Look = Callable[[], list[DoctorFinding]]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One requirement with what was found."""

    requirement: Requirement
    found: list[DoctorFinding]

    @property
    def health(self) -> DoctorVerdict | None:
        """The worst of what was found; None where no machine can see it."""
        return max((one.health for one in self.found), key=_ORDER.index, default=None)

    @property
    def verdict(self) -> str:
        return WORDS[self.health] if self.health else NOT_SEEN

    @property
    def stands_out(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.health in (DoctorVerdict.LOOK, DoctorVerdict.BAD)

    @property
    def lines(self) -> list[str]:
        """What was found, and what to do about what is not well."""
        return [f"{one.what}：{one.told}{f'。{one.do}' if one.do else ''}" for one in self.found]

    def as_row(self) -> dict[str, str]:
        """By `COLUMNS`."""
        asked = self.requirement
        own = {name: getattr(asked, name) for name in ("rulebook", "head", "asked", "met", "evidence", "left")}
        return {**own, "verdict": self.verdict, "seen": "；".join(self.lines)}


def rows() -> list[SheetRow]:
    """All of them; each look looks once."""
    looked = cache(_looked)
    return [SheetRow(one, [found for name in one.looks for found in looked(name)]) for one in REQUIREMENTS]


def _looked(name: str) -> list[DoctorFinding]:
    try:
        with transaction.atomic():
            return list(LOOKS[name]())
    except DatabaseError as trouble:
        return [look("数据库", f"没有回答（{type(trouble).__name__}）", "请看数据库的日志，再看一次")]


def by_rulebook(found: list[SheetRow]) -> Iterator[tuple[str, str, list[SheetRow]]]:
    """Its name, what it is, its rows."""
    for name, told in RULEBOOKS.items():
        yield name, told, [row for row in found if row.requirement.rulebook == name]


def summary(found: list[SheetRow]) -> str:
    """共 40 项：正常 20，注意 3 ..."""
    counts = Counter(row.verdict for row in found)
    told = "，".join(f"{word} {counts[word]} 项" for word in [*WORDS.values(), NOT_SEEN] if counts[word])
    return f"共 {len(found)} 项：{told}。要人填的 {sum(bool(row.requirement.left) for row in found)} 项。"


def text(found: list[SheetRow]) -> Iterator[str]:
    """Line by line, for a terminal."""
    for name, told, own in by_rulebook(found):
        yield from (f"【{name}】{told}", "")
        for row in own:
            asked = row.requirement
            yield f"{row.verdict}  {asked.head}：{asked.asked}"
            yield f"      {asked.met}{f'（{asked.evidence}）' if asked.evidence else ''}"
            yield from (f"      {line}" for line in row.lines)
            if asked.left:
                yield f"      要人填：{asked.left}"
        yield ""
    yield summary(found)


def has_faults(found: list[SheetRow]) -> bool:
    """Whether something has to be put right."""
    return any(row.health is DoctorVerdict.BAD for row in found)
