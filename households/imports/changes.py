"""What an import would change of what is known, told row by row: whoever reads it notices a column that slipped.

A change stops nothing by itself. When most of the known names of one place would become others, the import is refused until
somebody says that they are meant: that is what a column sorted by itself looks like.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from households import sql
from households.codes import sql_within
from households.imports.problems import ImportReport
from households.models import sql_living
from households.register import phones
from households.words.keys import key

FEW = 3  # changed names that are too few to be a slip of a whole column
MAX_NAMED = 10  # households that are missing, by name
SAME = "同户主、同电话，可能是同一户登记了两次"
ACCEPT = "核对无误的，请确认以后再导入（页面上勾“已经核对过，确实要改”，命令里用 --accept-changes）"

_CHANGED = """
    SELECT s.line, s.village, d.name, s.code, h.head_name, s.head_name, h.phone, s.phone, h.address, s.address
    FROM staged_household s
    JOIN households_household h ON h.code = s.code
    JOIN households_division d ON d.code = s.village
    WHERE h.head_name <> s.head_name OR h.phone IS DISTINCT FROM coalesce(s.phone, h.phone)
       OR s.address <> '' AND h.address <> s.address
    ORDER BY s.line
"""
_KNOWN = """
    SELECT s.village, count(*) FROM staged_household s JOIN households_household h ON h.code = s.code GROUP BY s.village
"""
_MISSING = f"""
    SELECT s.name, h.code, h.head_name
    FROM (SELECT DISTINCT d.code, d.name FROM staged_household g JOIN households_division d ON d.code = g.village) s
    JOIN households_household h ON {sql_within("h.code", "s.code")}
    WHERE {sql_living("h", "%(today)s")}
      AND NOT EXISTS (SELECT FROM staged_household o WHERE o.code = h.code)
    ORDER BY h.code
"""
# Who is new in the file, or bears another name or number than was known.
_FRESH = """
    SELECT s.code FROM staged_household s LEFT JOIN households_household h ON h.code = s.code
    WHERE h.code IS NULL OR h.head_name <> s.head_name OR h.phone IS DISTINCT FROM coalesce(s.phone, h.phone)
"""
_ANYBODY = "SELECT FROM households_household LIMIT 1"
_NAMESAKES = """
    SELECT h.head_name, h.code, h.phone FROM households_household h
    WHERE h.head_name = ANY (%(heads)s::text[]) AND h.phone IS NOT NULL AND h.valid_to IS NULL
      AND left(h.code, 6) = ANY (%(counties)s::text[])
      AND NOT EXISTS (SELECT FROM staged_household s WHERE s.code = h.code AND s.phone IS NOT NULL)
    ORDER BY h.code
"""


# A household as a file gives it: its line, code, head, and the number in clear.
Given = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A known name that becomes another."""

    line: int
    place: str  # where it is counted
    place_name: str
    old: str
    new: str


def of_households(report: ImportReport, given: Sequence[Given], today: date, *, accepted: bool) -> None:
    """Everything that the staged households would change, who may be there twice, and who is missing."""
    renamed = list(_changed(report))
    stop_where_most(report, "head_name", renamed, dict(sql.rows(_KNOWN)), accepted=accepted)
    _doubles(report, given)
    _missing(report, today)


def _changed(report: ImportReport) -> Iterable[Renamed]:
    for line, village, name, _, old, new, stored, fresh, address, wanted in sql.rows(_CHANGED):
        if old != new:
            report.note(line, "head_name", f"户主由“{old}”改为“{new}”")
            yield Renamed(line, village, name, old, new)
            if fresh is None and stored is not None:
                report.note(line, "phone", f"换了户主，没有填电话：仍是原来登记的 {phones.masked(stored)}，请核实")
        if fresh is not None and stored is not None and bytes(fresh) != bytes(stored):
            report.note(line, "phone", f"电话由 {phones.masked(stored)} 改为 {phones.masked(fresh)}")
        if wanted and address and wanted != address:
            report.note(line, "address", f"地址由“{address}”改为“{wanted}”")


def stop_where_most(
    report: ImportReport, column: str, renamed: Iterable[Renamed], known: dict[str, int], *, accepted: bool
) -> None:
    """Refuse the file for each place of which most known names would become others, unless they are meant.

    `known` tells how many names of each place are in the file and were known before. Another spelling is no other name.
    """
    places: dict[str, list[Renamed]] = {}
    for one in renamed:
        if key(one.old) != key(one.new):
            places.setdefault(one.place, []).append(one)
    for place, changed in places.items():
        if not accepted and len(changed) >= FEW and 2 * len(changed) > known[place]:
            first = changed[0]
            share = f"{first.place_name}：文件里原有的 {known[place]} 个名字，{len(changed)} 个与登记的不同"
            report.refuse(first.line, column, f"{share}{_slipped(changed)}。{ACCEPT}")


def _slipped(changed: Sequence[Renamed]) -> str:
    """Whether names went to their neighbours."""
    before = Counter(one.old for one in changed)
    moved = sum(1 for one in changed if before[one.new])
    return f"，其中 {moved} 个是别家原来的名字，像是名字错了行" if moved >= FEW else ""


def _doubles(report: ImportReport, given: Sequence[Given]) -> None:
    """Another household with the same head and the same number: likely one family twice."""
    fresh = set(sql.column(_FRESH))
    first: dict[tuple[str, str], Given] = {}
    wanted: list[Given] = []
    for one in given:
        line, code, head, number = one
        if not number:
            continue
        twin = first.setdefault((head, digits_of(number)), one)
        if twin is not one and (code in fresh or twin[1] in fresh):
            report.note(line, "head_name", f"与第 {twin[0]} 行（{twin[1]}）{SAME}")
        elif code in fresh:
            wanted.append(one)
    known = _known_numbers(wanted)
    for line, code, head, number in wanted:
        for other in known.get((head, digits_of(number)), []):
            if other != code:
                report.note(line, "head_name", f"与户 {other} {SAME}")


def _known_numbers(wanted: Sequence[Given]) -> dict[tuple[str, str], list[str]]:
    """Households that bear one of these heads' names, by name and number."""
    if not wanted or not sql.rows(_ANYBODY):
        return {}
    params = {
        "heads": sorted({head for _, _, head, _ in wanted}),
        "counties": sorted({code[:6] for _, code, _, _ in wanted}),
    }
    found: dict[tuple[str, str], list[str]] = {}
    for head, code, sealed in sql.rows(_NAMESAKES, params):
        try:
            found.setdefault((head, digits_of(phones.decrypt(sealed))), []).append(code)
        except phones.PhoneUnreadable:
            continue
    return found


def digits_of(number: str) -> str:
    """A telephone number as it is compared: its digits, without the country's."""
    if len(number) == 11 and number.isdecimal():
        return number
    digits = "".join(sign for sign in number if sign.isdecimal())
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def _missing(report: ImportReport, today: date) -> None:
    """By village: who is in the register and not in the file."""
    missing: dict[str, list[str]] = {}
    for village, code, head in sql.rows(_MISSING, {"today": today}):
        missing.setdefault(village, []).append(f"{code[12:14]}组{code[14:]} {head}")
    for village, households in missing.items():
        more = "等" if len(households) > MAX_NAMED else ""
        named = "、".join(households[:MAX_NAMED])
        report.remarks.append(f"{village}：名册里有 {len(households)} 户不在这个文件里（没有改动）：{named}{more}。")
