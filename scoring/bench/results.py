"""What the benchmark prints: a line for each job with both sides, the ratio, the figure to reach, and whether it was."""

import unicodedata
from dataclasses import dataclass

_MET = {True: "是", False: "否", None: ""}
HEAD = ("工作", "本系统", "对照", "比值", "目标", "达到")


@dataclass(frozen=True, slots=True)
class Result:
    """One line; every figure in it comes from the same run. `met` is None where there is nothing to reach."""

    job: str
    ours: str
    bare: str
    ratio: str
    target: str
    met: bool | None


def ratio(job: str, ours: float, bare: float, *, at_most: float, what: str) -> Result:
    """A job against its hand-written twin; both in seconds."""
    times = ours / bare
    return Result(job, took(ours), f"{took(bare)} {what}", f"{times:.2f}", f"≤ {at_most:g}", times <= at_most)


def took(seconds: float) -> str:
    """Seconds for eyes: 1.85 s, 19 ms."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def table(results: list[Result]) -> str:
    """The lines in columns, as wide as a terminal shows them."""
    rows = [HEAD, *((r.job, r.ours, r.bare, r.ratio, r.target, _MET[r.met]) for r in results)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
