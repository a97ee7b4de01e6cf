"""Import of what the hotline and 红网 handed over as a list: one petition a row, all of the file or nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from households import audit
from households.files.tables import shorten
from households.imports import cells
from households.imports.cells import CellFault
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.imports.staging import one_at_a_time
from households.models import Division, User
from households.refusals import Refused
from petitions.filing.actions.filing import Filing, file
from petitions.models import Channel, Content, Demand, Petition, Way
from petitions.models.petitions import MAX_EXTERNAL_NO, MAX_NAME, MAX_TEXT, MAX_TITLE

COLUMNS = ("way", "external_no", "received", "division_code", "title", "text", "name", "phone", "demand", "link")
WAYS = {"hotline": Way.HOTLINE, "12345": Way.HOTLINE, "12345热线": Way.HOTLINE, "热线": Way.HOTLINE}
WAYS |= {"rednet": Way.REDNET, "红网": Way.REDNET, "mailbox": Way.MAILBOX, "信箱": Way.MAILBOX}
DEMANDS = {"": Demand.COMPLAINT, "complaint": Demand.COMPLAINT, "投诉": Demand.COMPLAINT, "举报": Demand.COMPLAINT}
DEMANDS |= {"建议": Demand.COMPLAINT, "consult": Demand.CONSULT, "咨询": Demand.CONSULT, "求助": Demand.CONSULT}
_FIELDS = {"at": "received", "place": "division_code", "external_link": "link"}  # of a filing, as the file names them
_NOON = time(12)
Row = dict[str, Any]


def import_petitions(
    *, name: str, data: bytes, by: User | None = None, dry_run: bool = False, tell: Tell = quiet
) -> ImportReport:
    """File every row that is not there yet (by way and external number); anything wrong, nothing written.

    `by` None is the operator. Goes through `file`, so that each gets its number, history and clocks as if typed in.
    """
    report = ImportReport(name, dry_run)
    table = open_table(report, data, COLUMNS)
    if table is None:
        return report
    with all_or_nothing(report):
        one_at_a_time("petitions")
        rows = Rows(table, report)
        found = list(_rows(rows))
        known = _known(found)
        fresh = [row for row in found if (row["way"], row["external_no"]) not in known]
        for done, row in enumerate(fresh, start=1):
            _file(row, report, by)
            tell("登记", done / len(fresh))
        report.counts = {"登记": len(fresh), "已有": len(found) - len(fresh)}
        if not report.refused:
            audit.record(by, "petition.import", **report.file, added=len(fresh))
    return report


def _rows(rows: Rows) -> Iterator[Row]:
    """The sound rows, each with its line in the file."""
    columns = {name: rows.column(name, reader) for name, reader in _READERS.items()}
    keys = list(zip(columns["way"], columns["external_no"], strict=True))
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


def _known(found: list[Row]) -> set[tuple[str, str]]:
    numbers = {row["external_no"] for row in found}
    return set(Petition.objects.filter(external_no__in=numbers).values_list("way", "external_no"))


def _file(row: Row, report: ImportReport, by: User | None) -> None:
    filing = Filing(
        channel=Channel.NET,
        content=Content.APPEAL,
        place=row["division_code"],
        external_link=row["link"],
        **{name: row[name] for name in ("way", "external_no", "title", "text", "name", "phone", "demand")},
    )
    try:
        file(
            op_id=uuid5(NAMESPACE_URL, f"{row['way']}:{row['external_no']}"),
            filing=filing,
            by=by,
            at=_at(row["received"]),
        )
    except Refused as refusal:
        for name, reason in (refusal.fields or {"external_no": refusal.reason}).items():
            report.refuse(row["line"], _FIELDS.get(name, name), reason)


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


def _link(cell: str) -> str:
    value = cell.strip()
    if value and (not value.startswith(("https://", "http://")) or len(value) > 300):
        raise CellFault(f"链接要以 https:// 或 http:// 开头，最多 300 个字，现在是“{shorten(value)}”", named=True)
    return value


_READERS: dict[str, Callable[[str], Any]] = {
    "way": _one_of(WAYS, "来源"),
    "external_no": cells.text(MAX_EXTERNAL_NO, required="来源编号"),
    "received": _received,
    "division_code": cells.division,
    "title": cells.text(MAX_TITLE, required="标题"),
    "text": _text,
    "name": cells.text(MAX_NAME),
    "phone": cells.phone,
    "demand": _one_of(DEMANDS, "诉求类型"),
    "link": _link,
}
