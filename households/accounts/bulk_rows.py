"""Accounts from a file, understood row by row: who is meant, and what is to be done with them. Decides, and writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from households.accounts.actions.accounts import USERNAME, check_place
from households.codes import CodeError, parse
from households.imports import cells
from households.imports.cells import CellFault
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Rows
from households.models import Department, Division, User
from households.refusals import Refused
from households.register.phones import read_kept
from households.register.sounds import readings_of
from households.roles import HIGH, LABELS, Role
from households.scope import Scope
from households.words import folding

FILE_COLUMNS = (
    FileColumn("change", "办什么", "新增、更正、停用；空着的，有这个人就更正，没有就新增", "新增", ("变动", "操作")),
    FileColumn("display_name", "姓名", "更正、停用时可以空着", "张三", ("名字",)),
    FileColumn(
        "phone", "电话", "手机或座机；更正时空着就不改", "13800000000", ("联系电话", "手机", "手机号", "手机号码")
    ),
    FileColumn(
        "role",
        "角色",
        "组长、村干部、村务监督委员、乡镇工作人员、县直部门工作人员；空着就是组长",
        "组长",
        ("岗位", "职务"),
    ),
    FileColumn(
        "place", "所属", "代码，或全名，例如 石江镇云峰村第2组", "石江镇云峰村第2组", ("所属区划或部门", "单位", "村组")
    ),
    FileColumn("username", "账号", "新增时可以空着，用姓名的拼音；更正、停用时填原来的账号", "", ("用户名", "登录名")),
)
COLUMNS = tuple(column.name for column in FILE_COLUMNS)
CREATE, CORRECT, RETIRE = "create", "correct", "retire"
_CHANGES = {"": "", "新增": CREATE, "新建": CREATE, "更正": CORRECT, "修改": CORRECT, "停用": RETIRE, "注销": RETIRE}
_CHANGES |= {word: word for word in (CREATE, CORRECT, RETIRE)}
_ROLES = {label: role for role, label in LABELS.items()} | {role.value: role for role in Role}
_ROLES |= {"": Role.GROUP_LEADER, "组长": Role.GROUP_LEADER, "网格长": Role.GROUP_LEADER, "县直部门": Role.DEPARTMENT}
_ROLES |= {"村务监督": Role.SUPERVISOR, "乡镇": Role.TOWNSHIP}

Place = Division | Department


@dataclass(slots=True)
class AccountStep:
    """One row: `user` is whom it is about, None for who gets an account. An empty `phone` leaves what is known."""

    line: int
    change: str
    display_name: str
    phone: str
    role: str
    place: Place | None
    username: str
    user: User | None = None


def change(cell: str) -> str:
    """What is to be done; empty for a new account or a correction, as it turns out."""
    return _word(cell, _CHANGES, "新增、更正、停用，或者空着")


def role(cell: str) -> str:
    """The post; a group leader's when nothing is said."""
    return _word(cell, _ROLES, "组长、村干部、村务监督委员、乡镇工作人员、县直部门工作人员")


def _word(cell: str, known: dict[str, str] | dict[str, Role], wanted: str) -> str:
    word = folding.name(cell)
    if word not in known:
        raise CellFault(f"应写 {wanted}")
    return known[word]


def username(cell: str) -> str:
    """The name for signing in, or none."""
    value = folding.name(cell)
    if value and not USERNAME.fullmatch(value):
        raise CellFault("账号只能用汉字、字母、数字和 . _ -，2 到 50 个字")
    return value


class PlacesCalled:
    """Every place inside the scope by its code, and by its name alone or after those above it."""

    def __init__(self, scope: Scope) -> None:
        divisions = {one.code: one for one in Division.objects.within(scope)}
        offices = list(Department.objects.all())
        self.by_code: dict[str, Place] = {**divisions, **{one.code: one for one in offices}}
        self.by_name: dict[str, list[Place]] = {}
        for one in divisions.values():
            names, above = one.name, divisions.get(one.parent_id or "")
            self._call(names, one)
            while above is not None:
                names, above = f"{above.name}{names}", divisions.get(above.parent_id or "")
                self._call(names, one)
        for office in offices:
            self._call(office.name, office)

    def _call(self, name: str, place: Place) -> None:
        self.by_name.setdefault(name, []).append(place)

    def read(self, cell: str) -> Place | None:
        """The one place that is meant, or none for an empty cell."""
        text = folding.name(cell).replace(" ", "")
        if not text:
            return None
        found = self.by_name.get(text) or [place for place in [self._coded(text)] if place]
        if not found:
            raise CellFault("没有找到这个区划或部门，请填代码，或写全名，例如 石江镇云峰村第2组")
        if len(found) > 1:
            raise CellFault(f"有 {len(found)} 处叫这个名称，请写上乡镇名，或者填代码")
        return found[0]

    def _coded(self, text: str) -> Place | None:
        if text in self.by_code:
            return self.by_code[text]
        try:
            return self.by_code.get(parse(cells.digits(text)))
        except CodeError:
            return None


class AccountsMeant:
    """The accounts that a file may mean, by user name and by post and person; and the user names that are taken."""

    def __init__(self, accounts: Iterable[User]) -> None:
        self.accounts = list(accounts)
        self.taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
        self.by_username = {user.username.lower(): user for user in self.accounts}
        self.by_person: dict[tuple[str, str, str], list[User]] = {}
        for user in self.accounts:
            if user.is_active:
                self.by_person.setdefault(_person(user.role, _place_key(user), user.display_name), []).append(user)

    def meant(self, step: AccountStep) -> User | None:
        """Whom a row is about."""
        if step.username:
            return self.by_username.get(step.username.lower())
        found = self.by_person.get(_person(step.role, step.place.code if step.place else "", step.display_name), [])
        return found[0] if len(found) == 1 else None

    def free_name(self, display_name: str) -> str:
        """A user name in pinyin, surnames as surnames, that nobody has; it is taken from now on."""
        usual = next(iter(readings_of(display_name)), ())
        plain = "".join(sign for sign in "".join(usual) if sign.isascii() and sign.isalnum())
        base = plain if len(plain) > 1 else f"user{plain}"
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}{number}"
        self.taken.add(name)
        return name


def _place_key(user: User) -> str:
    return str(user.department_id or user.division_id or "")


def _person(role: str, place: str, display_name: str) -> tuple[str, str, str]:
    return (role, place, display_name)


def steps_of(rows: Rows, report: ImportReport, scope: Scope, people: AccountsMeant) -> list[AccountStep]:
    """What every sound row asks for. What cannot be done is refused by line."""
    places = PlacesCalled(scope)
    read = {
        "change": rows.column("change", change),
        "display_name": rows.column("display_name", cells.name(30)),
        "phone": rows.column("phone", cells.phone),
        "role": rows.column("role", role),
        "username": rows.column("username", username),
    }
    where = [_place(rows, at, places) for at in range(len(rows.table))]
    found = []
    for at, line in enumerate(rows.table.lines):
        if rows.sound[at]:
            given: dict[str, Any] = {name: str(values[at]) for name, values in read.items()}
            found.append(_decided(AccountStep(line=line, place=where[at], **given), people))
    seen: dict[str, int] = {}
    for step in found:
        for column, reason in _faults(step, people, seen):
            report.refuse(step.line, column, reason)
    return found


def _place(rows: Rows, at: int, places: PlacesCalled) -> Place | None:
    cell = rows.table.columns["place"][at]
    try:
        return places.read(cell)
    except CellFault as fault:
        rows.refuse(at, "place", str(fault), cell)
        return None


def _decided(step: AccountStep, people: AccountsMeant) -> AccountStep:
    step.user = people.meant(step)
    if not step.change:
        step.change = CORRECT if step.user else CREATE
    return step


def _faults(step: AccountStep, people: AccountsMeant, seen: dict[str, int]) -> Iterable[tuple[str, str]]:
    user = step.user
    if step.role in HIGH or (user and user.is_high):
        yield "role", "要职账号要两个人经手，请在“要职账号”里申请"
    elif step.change == CREATE:
        yield from _faults_of_new(step, people)
    elif user is None:
        yield "username", "没有找到这个账号；按姓名找的，姓名、角色、所属都要和系统里一样，而且只有一个"
    elif not user.is_active:
        yield "username", f"账号{user.username}已经停用"
    elif step.change == CORRECT and step.place is not None:
        yield from _misplaced(step)
    if user is not None:
        first = seen.setdefault(user.username, step.line)
        if first != step.line:
            yield "username", f"与第 {first} 行是同一个账号（{user.username}）"


def _faults_of_new(step: AccountStep, people: AccountsMeant) -> Iterable[tuple[str, str]]:
    if not step.display_name:
        yield "display_name", "新增的要写姓名"
    if step.place is None:
        yield "place", "新增的要写所属"
    else:
        yield from _misplaced(step)
    if step.username and step.username.lower() in people.taken:
        yield "username", f"账号“{step.username}”已经有了"
    elif step.username:
        people.taken.add(step.username.lower())
    elif step.user is not None:
        yield "display_name", f"这个岗位上已经有{step.display_name}的账号（{step.user.username}）"


def _misplaced(step: AccountStep) -> Iterable[tuple[str, str]]:
    assert step.place is not None
    try:
        check_place(step.role, step.place, None)
    except Refused as refusal:
        yield "place", refusal.reason


def name_new(steps: Iterable[AccountStep], people: AccountsMeant) -> None:
    """User names for those whose row has none; those that rows gave are taken since `steps_of`."""
    for step in steps:
        if step.change == CREATE and not step.username:
            step.username = people.free_name(step.display_name)


def moves(step: AccountStep) -> bool:
    """Whether a correction puts the person at another post."""
    user = step.user
    return bool(user and step.place and (user.role, _place_key(user)) != (step.role, step.place.code))


def renamed(step: AccountStep) -> tuple[str, str]:
    """Name and telephone as they will be."""
    user = step.user
    assert user is not None
    return step.display_name or user.display_name, step.phone or read_kept(user.phone)
