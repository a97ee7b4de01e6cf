"""Import of contacts: which household somebody looks after, from when to when, in which micro-grid."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from households import audit
from households.codes import group_of, narrowest, village_of
from households.contacts.actions.people import check_manages
from households.contacts.taking_back import CONTACTS, GRIDS, PEOPLE, TABLES
from households.files import bounds
from households.imports import cells
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.imports.staging import one_at_a_time, stage
from households.imports.taking_back import also, kept
from households.models import Contact, ContactKind, ContactPerson, Household, MicroGrid, User
from households.models.contacts import MAX_GRID, MAX_PERSON
from households.permissions import Permission, may

COLUMNS = (
    FileColumn("household_code", "户编号", "18 位，户名册里有的", "430525103201010001"),
    FileColumn("kind", "联系类型", "党员联系、网格长或微网格长", "党员联系"),
    FileColumn("person", "姓名", "联系人的姓名；同一村同名的按电话分", "张三"),
    FileColumn("phone", "电话", "可以空着", "13800001111"),
    FileColumn("from_date", "起始日期", "从哪一天起", "2026-10-01"),
    FileColumn("to_date", "截止日期", "空着就是一直联系；填了，到这一天为止（不含）"),
    FileColumn("micro_grid", "微网格", "只有微网格长要填名称；组里还没有的，就新建"),
    FileColumn("account", "账号", "联系人有本系统账号的填，可以空着"),
)
NAMES = tuple(column.name for column in COLUMNS)
_KINDS = {"党员": "party", "党员包户": "party", "网格": "grid", "组长": "grid", "微网格": "micro"}
_KINDS |= {one.value: one.value for one in ContactKind} | {str(one.label): one.value for one in ContactKind}


def _kind(cell: str) -> str:
    found = _KINDS.get(cells.text(10)(cell))
    if found is None:
        raise cells.CellFault("联系类型要写党员联系、网格长或微网格长")
    return found


def _day_or_open(cell: str) -> date | None:
    return cells.day(cell) if cell.strip() else None


@dataclass
class ContactLine:
    """A line of the file, understood."""

    row: int
    household: str
    kind: str
    name: str
    phone: str
    since: date
    until: date | None
    grid: str
    account: str
    person: ContactPerson = field(default_factory=ContactPerson)

    @property
    def village(self) -> str:
        return village_of(self.household)


def import_contacts(
    *,
    name: str,
    data: bytes,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    tell: Tell = quiet,
) -> ImportReport:
    """Add the contacts of a file, with people and micro-grids that are new; a known one takes over its end.

    Anything wrong, nothing written. A person is known by name within the village, by number where several bear it.
    """
    report = ImportReport(name, dry_run)
    table = open_table(report, data, NAMES, within=within, columns=COLUMNS)
    if table is None:
        return report
    with all_or_nothing(report):
        one_at_a_time("contacts")
        tell("核对", 0.1)
        _take(Rows(table, report), report, by, tell, keep)
    return report


def _take(rows: Rows, report: ImportReport, by: User | None, tell: Tell, keep: int | None) -> None:
    lines = _read(rows)
    _check_households(rows, lines, by)
    people = _People(rows, lines, by)
    lines = [one for one in lines if rows.sound[one.row]]
    tell("写入", 0.6)
    if report.refused:
        return
    stage("staged_contact", {"household": 'text COLLATE "C"'}, [sorted({one.household for one in lines})])
    with kept(keep, *TABLES):
        people.store()
        also(keep, PEOPLE, [person.pk for person in people.fresh])
        grids, fresh = _grids(rows, lines, by)
        also(keep, GRIDS, fresh)
        if not report.refused:
            also(keep, CONTACTS, _store(rows, lines, grids, report, by))
    tell("完成", 1.0)


def _read(rows: Rows) -> list[ContactLine]:
    households = rows.column("household_code", cells.household)
    kinds = rows.column("kind", _kind)
    names = rows.column("person", cells.name(MAX_PERSON, required="姓名"))
    phones = rows.column("phone", cells.phone)
    starts = rows.column("from_date", cells.day)
    ends = rows.column("to_date", _day_or_open)
    grids = rows.column("micro_grid", cells.name(MAX_GRID))
    accounts = rows.column("account", cells.text(50))
    for row, (start, end, kind, grid) in enumerate(zip(starts, ends, kinds, grids, strict=True)):
        if start and end and end < start:
            rows.refuse(row, "to_date", f"截止日期 {end} 早于起始日期 {start}")
        if rows.sound[row] and (kind == ContactKind.MICRO) != bool(grid):
            rows.refuse(row, "micro_grid", "微网格长这一列要写微网格的名称，其他类型空着")
    lines = [
        ContactLine(row, household, kind, name, phone, start, end, grid, account)
        for row, (household, kind, name, phone, start, end, grid, account) in enumerate(
            zip(households, kinds, names, phones, starts, ends, grids, accounts, strict=True)
        )
        if rows.sound[row] and household and kind and name and start and phone is not None
        and grid is not None and account is not None
    ]  # fmt: skip
    keys: list[object] = [None] * len(rows.sound)
    for one in lines:
        grid_or_person = "" if one.kind == ContactKind.MICRO else (one.name, one.phone)
        keys[one.row] = (one.household, one.kind, grid_or_person, one.until)
    rows.refuse_repeated(keys, "household_code", lambda _key, line: f"与第 {line} 行是同一户、同一种联系")
    return [one for one in lines if rows.sound[one.row]]


def _check_households(rows: Rows, lines: list[ContactLine], by: User | None) -> None:
    known = Household.objects.in_bulk([one.household for one in lines])
    for one in lines:
        found = known.get(one.household)
        if found is None or (by and not by.scope.covers(one.household)):
            rows.refuse(one.row, "household_code", f"户名册里没有户 {one.household}")
        elif found.valid_from and one.since < found.valid_from:
            rows.refuse(one.row, "from_date", f"户 {one.household} 从 {found.valid_from} 起才在册")
        elif found.valid_to and (one.until is None or one.until > found.valid_to):
            rows.refuse(one.row, "household_code", f"户 {one.household} 已于 {found.valid_to} 停用")
    if by:
        check_manages(by, None)


class _People:
    """The people of the file: those that are known by name (and number) in their village, and those that are new."""

    def __init__(self, rows: Rows, lines: list[ContactLine], by: User | None) -> None:
        self.rows, self.by = rows, by
        self.fresh: list[ContactPerson] = []
        self.changed: dict[int, ContactPerson] = {}
        villages = {one.village for one in lines}
        places = villages | {village[:9] for village in villages} | {village[:6] for village in villages}
        self.known: dict[tuple[str, str], list[ContactPerson]] = defaultdict(list)
        for person in ContactPerson.objects.filter(place__in=places).select_related("user").order_by("pk"):
            self.known[person.place_id, str(person.name)].append(person)
        self.accounts = {
            user.username: user for user in User.objects.filter(username__in={one.account for one in lines})
        }
        self.numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in lines:
            self.numbers[one.village, one.name].add(one.phone)
        for one in lines:
            self._find(one)

    def _find(self, one: ContactLine) -> None:
        known = [person for digits in (12, 9, 6) for person in self.known[one.village[:digits], one.name]]
        same = [person for person in known if one.phone in ("", person.phone)] or (
            known if len(self.numbers[one.village, one.name] - {""}) < 2 else []
        )
        if len(same) > 1:
            self.rows.refuse(one.row, "person", f"本村同名的有 {len(same)} 位，请用电话分清")
            return
        one.person = same[0] if same else self._new(one)
        if one.phone and one.person.phone != one.phone:
            self.rows.report.note(self.rows.table.lines[one.row], "phone", "这位联系人的电话改成文件里的")
            one.person.phone = one.phone
            self._change(one.person)
        if one.account:
            self._join(one)

    def _new(self, one: ContactLine) -> ContactPerson:
        person = ContactPerson(place_id=one.village, name=one.name, phone=one.phone)
        self.fresh.append(person)
        self.known[one.village, one.name].append(person)
        return person

    def _join(self, one: ContactLine) -> None:
        user = self.accounts.get(one.account)
        fits = user and may(user, Permission.SEE_HOUSEHOLDS) and user.scope.meets(one.village)
        if user is None or not fits:
            self.rows.refuse(one.row, "account", "没有这个账号，或它看不到这里的户")
        elif one.person.user_id != user.pk:
            one.person.user = user
            self._change(one.person)

    def _change(self, person: ContactPerson) -> None:
        if person.pk:
            self.changed[person.pk] = person

    def store(self) -> None:
        """Write them. A line for each that is new or changed."""
        ContactPerson.objects.bulk_create(self.fresh)
        ContactPerson.objects.bulk_update(self.changed.values(), ["phone", "user"], batch_size=500)
        told = [("contact.person", person) for person in self.fresh]
        told += [("contact.change_person", person) for person in self.changed.values()]
        audit.record_all(audit.line(self.by, act, place=person.place_id, subject=person.pk) for act, person in told)


def _grids(rows: Rows, lines: list[ContactLine], by: User | None) -> tuple[dict[tuple[str, str], MicroGrid], list[int]]:
    """The micro-grids that the file names, by group and name, and which are new: those begin with their first household."""
    fresh = []
    wanted = [one for one in lines if one.kind == ContactKind.MICRO]
    groups = {group_of(one.household) for one in wanted}
    found = {(grid.group_id, grid.name): grid for grid in MicroGrid.objects.filter(group__in=groups, valid_to=None)}
    for one in wanted:
        key = (group_of(one.household), one.grid)
        if key not in found:
            grid = MicroGrid.objects.create(group_id=key[0], name=one.grid, head=one.person, valid_from=one.since)
            audit.record(by, "contact.grid", place=key[0], subject=grid.pk, since=one.since.isoformat())
            found[key] = grid
            fresh.append(grid.pk)
        elif found[key].head_id != one.person.pk:
            rows.refuse(one.row, "person", f"微网格“{one.grid}”的网格长是另一位；换网格长请在“微网格”页办")
    return found, fresh


def _store(
    rows: Rows,
    lines: list[ContactLine],
    grids: dict[tuple[str, str], MicroGrid],
    report: ImportReport,
    by: User | None,
) -> list[int]:
    """Returns which are new."""
    stored = _stored(lines)
    fresh: list[Contact] = []
    ended = 0
    for one in lines:
        known = stored.get((one.household, one.kind), [])
        own = [each for each in known if each.person_id == one.person.pk]
        same = next((each for each in own if each.valid_to is None or each.valid_from == one.since), None)
        taken = one.kind == ContactKind.MICRO and any(each.valid_to is None for each in known)
        if same is None and taken and one.until is None:
            rows.refuse(one.row, "household_code", f"户 {one.household} 已经在一个微网格里")
        elif same is None:
            grid = grids.get((group_of(one.household), one.grid))
            fresh.append(_contact(one, grid))
        elif one.until and same.valid_to is None and one.until >= same.valid_from:
            ended += Contact.objects.filter(pk=same.pk, valid_to=None).update(valid_to=one.until)
    if report.refused:
        return []
    Contact.objects.bulk_create(fresh, batch_size=5000)
    report.counts = {"新增": len(fresh), "结束": ended, "未变": report.rows - len(fresh) - ended}
    report.places = {one.village for one in lines}
    audit.record(by, "contacts.import", place=narrowest(report.places), **report.file, added=len(fresh), ended=ended)
    return [one.pk for one in fresh]


def _stored(lines: list[ContactLine]) -> dict[tuple[str, str], list[Contact]]:
    codes = [one.household for one in lines]
    found: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(household__in=codes):
        found[contact.household_id, contact.kind].append(contact)
    return found


def _contact(one: ContactLine, grid: MicroGrid | None) -> Contact:
    return Contact(
        household_id=one.household,
        person=one.person,
        kind=one.kind,
        micro_grid=grid,
        valid_from=one.since,
        valid_to=one.until,
    )
