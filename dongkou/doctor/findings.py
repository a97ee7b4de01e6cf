"""What one look at one thing found, and what to do about it. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class DoctorVerdict(StrEnum):
    """Well; to be looked at in working hours; to be put right."""

    WELL = "well"
    LOOK = "look"
    BAD = "bad"


WORDS = {DoctorVerdict.WELL: "正常", DoctorVerdict.LOOK: "注意", DoctorVerdict.BAD: "不行"}


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """`what` was looked at, what was `told`, and for the operator what to `do`; empty when all is well."""

    health: DoctorVerdict
    what: str
    told: str
    do: str = ""

    @property
    def line(self) -> str:
        """One line of the report."""
        return f"{WORDS[self.health]}  {self.what}：{self.told}{f'。{self.do}' if self.do else ''}"

    @property
    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return {name: str(value) for name, value in asdict(self).items()}


def well(what: str, told: str) -> DoctorFinding:
    return DoctorFinding(DoctorVerdict.WELL, what, told)


def look(what: str, told: str, do: str) -> DoctorFinding:
    return DoctorFinding(DoctorVerdict.LOOK, what, told, do)


def bad(what: str, told: str, do: str) -> DoctorFinding:
    return DoctorFinding(DoctorVerdict.BAD, what, told, do)


def exit_code(found: Iterable[DoctorFinding]) -> int:
    """1 when something has to be put right."""
    return int(any(one.health is DoctorVerdict.BAD for one in found))
