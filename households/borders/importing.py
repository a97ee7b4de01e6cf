"""A mapping by file: 旧编码, 新编码, 新名称; rehearsed by line, carried out as a whole."""

from collections.abc import Callable
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from households.borders.actions.carrying import BorderWish, carry_out, look
from households.borders.actions.undoing import hindrances, take_back
from households.borders.mapping import MAX_NAME, LineFault, MapLine
from households.codes import LEVELS
from households.files import bounds
from households.files.tables import WHOLE_FILE
from households.imports import cells
from households.imports.columns import FileColumn
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import BorderOrder, ImportChange, User
from households.permissions import Permission
from households.refusals import Refused

_CODE = "先设为“文本”格式；县以下都可以：乡镇、村写 12 位统计用代码，组写 14 位，户写 18 位"
COLUMNS = (
    FileColumn("old_code", "旧编码", f"{_CODE}。新设的空着", "430525103001", ("原编码", "原代码", "旧代码")),
    FileColumn("new_code", "新编码", "改成什么；写已有的就是并入，户写 14 位组编码就排在最后一号。只更名的空着", "430525103002",
               ("新代码", "现编码", "现代码")),
    FileColumn("new_name", "新名称", "更名、新设的写；不改名的空着", "", ("名称", "现名称")),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
_anything = cells.or_empty(cells.code(*LEVELS))
_READERS: dict[str, Callable[[str], str]] = {
    "old_code": _anything,
    "new_code": _anything,
    "new_name": cells.name(MAX_NAME),
}


def import_borders(
    *,
    name: str,
    data: bytes,
    day: date,
    reason: str,
    document_no: str = "",
    release: bool = False,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    tell: Tell = quiet,
) -> ImportReport:
    """Carry out a mapping. The rehearsal says by line what is wrong, and as a whole what would follow."""
    report = ImportReport(name, dry_run)
    table = open_table(report, data, NAMES, within=within, columns=COLUMNS)
    if table is None:
        return report
    with all_or_nothing(report):
        rows = Rows(table, report)
        read = [rows.keep(column) for column in [rows.column(column, reader) for column, reader in _READERS.items()]]
        lines = tuple(MapLine(*given) for given in zip(rows.lines(), *read, strict=True))
        if report.refused:
            return report
        wish = BorderWish(day, reason, lines, document_no, release)
        tell("核对", 0.1)
        try:
            _rehearse(report, wish, by)
            if report.written:
                tell("办理", 0.4)
                _keep(carry_out(op_id=_op_id(report, keep), wish=wish, by=by, run=keep), keep)
        except Refused as refusal:
            _tell(report, refusal)
    tell("完成", 1.0)
    return report


def _op_id(report: ImportReport, keep: int | None) -> UUID:
    """A run is carried out once, whoever is called for it again."""
    return uuid5(NAMESPACE_URL, f"border run {keep} {report.digest}") if keep else uuid4()


def _rehearse(report: ImportReport, wish: BorderWish, by: User | None) -> None:
    found, effects = look(wish, by=by)
    for fault in found.faults:
        _say(report.refuse, fault)
    for hint in found.places.hints:
        _say(report.note, hint)
    for effect in effects:
        if effect.stops:
            report.refuse(wish.lines[0].line, WHOLE_FILE, effect.sentence)
        else:
            report.remarks.append(effect.sentence)
    places = found.places
    report.counts = {
        "新设": len(places.makes), "停用": len(places.ways), "更名": len(places.renames), "换编号的户": len(found.households.pairs)
    }  # fmt: skip


def _say(told: Callable[[int, str, str], None], fault: LineFault) -> None:
    told(fault.line, fault.column, fault.words)


def _tell(report: ImportReport, refusal: Refused) -> None:
    said = "".join(refusal.fields.values()) if refusal.code == "border_incomplete" else ""
    report.refuse(1, WHOLE_FILE, f"{refusal.sentence}{said}")


def _keep(order: BorderOrder, keep: int | None) -> None:
    if keep is not None:
        ImportChange.objects.create(run_id=keep, source=BorderOrder._meta.db_table, key=str(order.pk), after="")


def _by_browser(order: ImportOrder) -> ImportReport:
    said = order.options
    return import_borders(
        day=date.fromisoformat(said["day"]),
        reason=said["reason"],
        document_no=said.get("document_no", ""),
        release=bool(said.get("release")),
        **order.given,
    )


def _order_of(run_id: int) -> BorderOrder:
    return BorderOrder.objects.get(run=run_id)


def _hindrances(run_id: int) -> list[str]:
    return hindrances(_order_of(run_id))


def _take_back(run_id: int, by: User) -> int:
    return take_back(order=_order_of(run_id), by=by).households


KIND = ImportKind(
    7, "borders", "区划调整", Permission.IMPORT_REGISTER, COLUMNS, _by_browser,
    "更名、合村、分村、组划到别的村、部分户划到别的组：旧编码对新编码，一次办完。先演练看清影响。",
    frozenset({"order"}), _hindrances, _take_back, slow=True,
)  # fmt: skip
