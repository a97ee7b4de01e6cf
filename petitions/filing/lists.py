"""Import of what the hotline and 红网 handed over as a list: one petition a row, all of the file or nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from households import audit
from households.codes import Level
from households.files import bounds
from households.files.tables import Table, shorten
from households.imports import cells
from households.imports.cells import CellFault
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.imports.staging import one_at_a_time
from households.models import Division, User
from households.refusals import Refused
from households.words.keys import key
from petitions.filing import external
from petitions.filing.actions.filing_many import ListedFiling, file_many
from petitions.filing.actions.resent import Ticket, says_nothing_new, take_in
from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Demand, Petition, Way
from petitions.models.petitions import MAX_EXTERNAL_NO, MAX_NAME, MAX_TEXT, MAX_TITLE

HEADINGS = {
    "way": "来源",
    "external_no": "来源编号",
    "received": "收到日期",
    "division_code": "地点",
    "title": "标题",
    "text": "内容",
    "name": "姓名",
    "phone": "电话",
    "demand": "诉求类型",
    "link": "原文网址",
}
COLUMNS = tuple(HEADINGS)
WAYS = {"hotline": Way.HOTLINE, "12345": Way.HOTLINE, "12345热线": Way.HOTLINE, "热线": Way.HOTLINE}
WAYS |= {"rednet": Way.REDNET, "红网": Way.REDNET, "mailbox": Way.MAILBOX, "信箱": Way.MAILBOX}
DEMANDS = {"": Demand.COMPLAINT, "complaint": Demand.COMPLAINT, "投诉": Demand.COMPLAINT, "举报": Demand.COMPLAINT}
DEMANDS |= {"建议": Demand.COMPLAINT, "consult": Demand.CONSULT, "咨询": Demand.CONSULT, "求助": Demand.CONSULT}
_FIELDS = {"at": "received", "place": "division_code", "external_link": "link"}  # of a filing, as the file names them
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOON = time(12)
Row = dict[str, Any]


def import_petitions(
    *, name: str, data: bytes, by: User | None = None, dry_run: bool = False, tell: Tell = quiet
) -> ImportReport:
    """File every row that is not there yet (by way and external number, however spelt); anything wrong, nothing written.

    One that is there and says something else becomes a supplement of that petition (`actions.resent`). `by` None is the
    operator. Goes through `file_many`: each gets its number, history and clocks as if typed in.
    """
    report = ImportReport(name, dry_run)
    within = bounds.COMMAND if by is None else bounds.PAGE
    table = open_table(report, data, COLUMNS, tuple(HEADINGS.values()), within=within)
    if table is None:
        return report
    chinese = COLUMNS[0] not in table.columns
    if chinese:
        table = replace(table, columns={name: table.columns[heading] for name, heading in HEADINGS.items()})
    _file_rows(table, report, by, tell)
    if chinese:
        report.problems = [replace(one, column=HEADINGS.get(one.column, one.column)) for one in report.problems]
    return report


def _file_rows(table: Table, report: ImportReport, by: User | None, tell: Tell) -> None:
    with all_or_nothing(report):
        one_at_a_time("petitions")
        rows = Rows(table, report)
        found = list(_rows(rows))
        known = _known(found)
        again = [row for row in found if (row["way"], row["external_no"]) in known]
        fresh = [row for row in found if (row["way"], row["external_no"]) not in known]
        _file(fresh, report, by, tell)
        added = sum(_came_again(row, known[row["way"], row["external_no"]], report, by) for row in again)
        report.counts = {"登记": len(fresh), "补充": added, "已有": len(again) - added}
        if not report.refused:
            audit.record(by, "petition.import", **report.file, added=len(fresh), supplemented=added)


def _rows(rows: Rows) -> Iterator[Row]:
    """The sound rows, each with its line in the file."""
    readers = _READERS | {"division_code": _place_reader()}
    columns = {name: rows.column(name, reader) for name, reader in readers.items()}
    keys = [(way, key(number or "")) for way, number in zip(columns["way"], columns["external_no"], strict=True)]
    rows.refuse_repeated(keys, "external_no", lambda key, line: f"与第 {line} 行是同一件")
    places = set(
        Division.objects.filter(pk__in={code for code in columns["division_code"] if code}).values_list("pk", flat=True)
    )
    for number, code in enumerate(columns["division_code"]):
        if rows.sound[number] and code not in places:
            rows.refuse(number, "division_code", "没有这个地方", str(code))
    wanted = {name: rows.keep(values) for name, values in columns.items()}
    for number, line in enumerate(rows.lines()):
        yield {"line": line} | {name: values[number] for name, values in wanted.items()}


def _known(found: list[Row]) -> dict[tuple[str, str], Petition]:
    numbers = external.known((row["way"], row["external_no"]) for row in found)
    petitions = Petition.objects.select_related("merged_into").in_bulk(set(numbers.values()))
    return {asked: petitions[number] for asked, number in numbers.items()}


def _came_again(row: Row, petition: Petition, report: ImportReport, by: User | None) -> bool:
    """Take in what a known number says now; True when that is something new."""
    texts = {name: row[name] for name in ("way", "title", "text")}
    ticket = Ticket(number=row["external_no"], at=_at(row["received"]), **texts)
    if petition.erased_at is not None:
        report.note(row["line"], "external_no", "已经登记过，内容已依法清除，没有比对；有新的情况请另行登记")
        return False
    if says_nothing_new(petition, ticket):
        return False
    seen = by is None or Petition.objects.visible_to(by).filter(pk=petition.pk).exists()
    try:
        done = take_in(petition=petition, ticket=ticket, by=by if seen else None)
    except Refused as refusal:
        report.refuse(row["line"], "external_no", f"已经登记过，内容不同，但{refusal.sentence}")
        return True
    report.note(
        row["line"], "external_no", _told(row, petition, done) if seen else "已经登记过，内容不同：已交给承办的人"
    )
    return True


def _told(row: Row, petition: Petition, done: str) -> str:
    """Which petition it is, in what state it was, and what was done; who files never changes by a list."""
    given = {name: row[name] for name in ("name", "phone") if row[name]}
    same = all(key(text) == key(getattr(petition, f"filer_{name}")) for name, text in given.items())
    differs = "" if same else "；姓名或电话也不同，没有改动"
    return f"已登记为 {petition.number}（{petition.status.label}），内容不同：{done}{differs}"


def _file(some: Sequence[Row], report: ImportReport, by: User | None, tell: Tell) -> None:
    for wrong in file_many([_filing(row) for row in some], by=by, tell=tell):
        for name, reason in (wrong.refusal.fields or {"external_no": wrong.refusal.reason}).items():
            report.refuse(some[wrong.place]["line"], _FIELDS.get(name, name), reason)


def _filing(row: Row) -> ListedFiling:
    filing = Filing(
        channel=Channel.NET,
        content=Content.APPEAL,
        place=row["division_code"],
        external_link=row["link"],
        **{name: row[name] for name in ("way", "external_no", "title", "text", "name", "phone", "demand")},
    )
    return ListedFiling(uuid5(NAMESPACE_URL, f"{row['way']}:{row['external_no']}"), filing, _at(row["received"]))


def _at(received: tuple[date, time | None]) -> datetime:
    """The time given; noon of the day where a list gives none (midnight is none); never later than now."""
    day, at = received
    return min(timezone.make_aware(datetime.combine(day, at or _NOON)), timezone.now())


def _one_of(known: Mapping[str, str], what: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        value = known.get("".join(cell.split()).lower())
        if value is None:
            raise CellFault(f"{what}应是 {'、'.join(key for key in known if key)} 之一")
        return value

    return read


def _text(cell: str) -> str:
    """What was said; it may have several lines."""
    value = cell.strip()
    if not value:
        raise CellFault("内容不能为空")
    if len(value) > MAX_TEXT:
        raise CellFault(f"有 {len(value)} 个字，最多 {MAX_TEXT} 个字")
    return value


def _received(cell: str) -> tuple[date, time | None]:
    day, at = cells.moment(cell)
    if day > timezone.localdate():
        raise CellFault("日期还没有到")
    return day, None if at == time() else at


def _place_reader() -> Callable[[str], str]:
    """A place by its code, its name, or its name after that of its township."""
    found = Division.objects.of_level(Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE).active(timezone.localdate())
    codes: dict[str, set[str]] = {}
    for code, name, above in found.values_list("code", "name", "parent__name"):
        for words in (name, f"{above}{name}"):
            codes.setdefault(words, set()).add(code)

    def read(cell: str) -> str:
        words = "".join(cell.split())
        called = codes.get(words, set())
        if len(called) > 1:
            raise CellFault(f"有 {len(called)} 个地方叫“{words}”，前面请写上乡镇名", named=True)
        if not called and _HAN.search(words):
            raise CellFault(f"没有“{words[:20]}”这个地方，请核对名称，或者填代码", named=True)
        return next(iter(called), "") or cells.division(cell)

    return read


def _link(cell: str) -> str:
    value = cell.strip()
    if value and (not value.startswith(("https://", "http://")) or len(value) > 300):
        raise CellFault(f"链接要以 https:// 或 http:// 开头，最多 300 个字，现在是“{shorten(value)}”", named=True)
    return value


_READERS: dict[str, Callable[[str], Any]] = {
    "way": _one_of(WAYS, "来源"),
    "external_no": cells.ticket(MAX_EXTERNAL_NO, required="来源编号"),
    "received": _received,
    "title": cells.text(MAX_TITLE, required="标题"),
    "text": _text,
    "name": cells.name(MAX_NAME),
    "phone": cells.phone,
    "demand": _one_of(DEMANDS, "诉求类型"),
    "link": _link,
}
