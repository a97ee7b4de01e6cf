"""Accounts by file: made, corrected, moved and closed, all of a file or none of it, with a slip for everybody who is new."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password

from households import audit
from households.accounts import bulk_rows
from households.accounts.actions import accounts, posts
from households.accounts.bulk_rows import COLUMNS, CORRECT, CREATE, FILE_COLUMNS, RETIRE, AccountStep
from households.accounts.passwords import one_time_password
from households.accounts.reads import accounts_within
from households.accounts.slips import HOURS, AccountSlip, keep, slip_of
from households.files import bounds
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User
from households.permissions import Permission
from households.scope import Scope
from households.sql import run

MAX_ROWS = 2000  # rows of a file
HandOut = Callable[[Sequence[AccountSlip]], object]


def import_accounts(
    *,
    name: str,
    data: bytes,
    scope: Scope,
    hand_out: HandOut,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    tell: Tell = quiet,
) -> ImportReport:
    """Take over the accounts of a file; anything wrong, nothing written.

    `hand_out` gets the slips before the transaction ends: what it cannot keep is not in force. A hundred passwords take half a
    minute to hash, so this belongs into the background.
    """
    report = ImportReport(name, dry_run)
    tell("读取", 0.0)
    table = open_table(report, data, COLUMNS, within=within, columns=FILE_COLUMNS)
    if table is None:
        return report
    if len(table) > MAX_ROWS:
        report.refuse(1, "文件", f"有 {len(table)} 行，一次最多 {MAX_ROWS} 行，请分成几个文件")
        return report
    people = bulk_rows.AccountsMeant(accounts_within(scope))
    steps = bulk_rows.steps_of(Rows(table, report), report, scope, people)
    if report.refused:
        return report
    bulk_rows.name_new(steps, people)
    _tell_changes(report, steps)
    passwords = {} if dry_run else _hashed(steps, tell)
    with all_or_nothing(report):
        if not dry_run:
            _apply(steps, passwords, hand_out, by, tell)
        _count(report, steps, by)
    return report


def _hashed(steps: Sequence[AccountStep], tell: Tell) -> dict[int, tuple[str, str]]:
    """One-time passwords and their digests, before any row is locked: that takes longest."""
    new = [step.line for step in steps if step.change == CREATE]
    made = {}
    for number, line in enumerate(new):
        password = one_time_password()
        made[line] = (password, make_password(password))
        run("SELECT")  # the database ends a caller's transaction in which nothing is asked for minutes
        tell("生成一次性密码", 0.1 + 0.8 * number / len(new))
    return made


def _apply(
    steps: Sequence[AccountStep], passwords: dict[int, tuple[str, str]], hand_out: HandOut, by: User | None, tell: Tell
) -> None:
    slips = []
    for number, step in enumerate(steps):
        if step.change == CREATE:
            password, digest = passwords[step.line]
            slips.append(slip_of(_create(step, digest, by), password))
        elif step.user is not None and step.change == RETIRE:
            accounts.deactivate_user(user=step.user, by=by)
        elif step.user is not None:
            _correct(step, step.user, by)
        tell("写入", 0.9 + 0.1 * number / len(steps))
    if slips:
        hand_out(slips)


def _create(step: AccountStep, digest: str, by: User | None) -> User:
    assert step.place is not None
    person: dict[str, Any] = {"username": step.username, "display_name": step.display_name, "phone": step.phone}
    return accounts.create_user(**person, role=step.role, place=step.place, password="", digest=digest, by=by)


def _correct(step: AccountStep, user: User, by: User | None) -> None:
    display_name, phone = bulk_rows.renamed(step)
    posts.correct_user(user=user, display_name=display_name, phone=phone, by=by)
    if bulk_rows.moves(step) and step.place is not None:
        posts.move_user(user=user, role=step.role, place=step.place, by=by, reason="批量导入")


def _tell_changes(report: ImportReport, steps: Sequence[AccountStep]) -> None:
    """What a file changes of what is known, and the user names that were made up, line by line."""
    for step in steps:
        user = step.user
        if step.change == CREATE:
            report.note(step.line, "username", f"账号定为 {step.username}")
        elif user is not None and step.change == RETIRE:
            report.note(step.line, "username", f"停用 {user.display_name}（{user.username}）")
        elif user is not None:
            display_name, _phone = bulk_rows.renamed(step)
            if display_name != user.display_name:
                report.note(step.line, "display_name", f"姓名由“{user.display_name}”改为“{display_name}”")
            if bulk_rows.moves(step):
                report.note(step.line, "place", f"岗位由“{user.get_role_display()} {user.place_name}”改过来")


def _count(report: ImportReport, steps: Sequence[AccountStep], by: User | None) -> None:
    numbers: dict[str, Any] = {
        change: sum(step.change == change for step in steps) for change in (CREATE, CORRECT, RETIRE)
    }
    report.counts = {"新增": numbers[CREATE], "更正": numbers[CORRECT], "停用": numbers[RETIRE]}
    audit.record(by, "accounts.import", **report.file, **numbers)


def _brought(order: ImportOrder) -> ImportReport:
    """By the browser: the slips wait for who brought the file."""
    given = {name: value for name, value in order.given.items() if name != "keep"}
    report = import_accounts(**given, scope=order.by.scope, hand_out=partial(keep, by=order.by))
    if report.written and report.counts["新增"]:
        report.remarks.append(f"登录单在“账号”的“登录单”里，{HOURS} 小时内打印，裁开当面交给本人。")
    return report


KIND = ImportKind(
    at=5,
    slug="accounts",
    label="账号",
    permission=Permission.MANAGE_ACCOUNTS,
    columns=FILE_COLUMNS,
    act=_brought,
    words=f"组长、村干部等账号的新增、更正、停用，一次最多 {MAX_ROWS} 行；新账号各有一张登录单。要职账号不能这样办。",
    stays="账号用过就留着，操作记录要查得到是谁。建错的，用同一种文件写“停用”办掉；更正错的，再更正一次。",
    slow=True,
)
