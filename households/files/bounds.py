"""How large a table may be, by the door that it came through. Pure."""

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """At most so many bytes as it came, bytes unpacked, cells of the sheet, and rows."""

    size: int
    unpacked: int
    cells: int
    rows: int


COMMAND = Bounds(size=200 * _MB, unpacked=1024 * _MB, cells=20_000_000, rows=2_000_000)  # a county's register
PAGE = Bounds(size=5 * _MB, unpacked=64 * _MB, cells=500_000, rows=20_000)  # a list that somebody sends in
COUNTY = Bounds(size=60 * _MB, unpacked=600 * _MB, cells=6_000_000, rows=400_000)  # a register that somebody sends in
