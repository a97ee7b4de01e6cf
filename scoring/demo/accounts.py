"""The demo's accounts, one for each job, and the sheet of paper with their passwords and four household plates."""

import os
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import faults
from households.codes import Level, is_level
from households.models import Department, Division, User
from households.roles import Role
from scoring.demo.people import NOBODYS

# Nothing that is mistaken for another sign when it is typed from a screen.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_BLOCKS, _BLOCK = 3, 5
_PEOPLE = "演示账号（数据都是虚构的，电话用的是没有发放过的 154 号段；密码随机生成，只写在这个文件里）"
_DOORS = "\n演示户牌（在浏览器里打开“地址”，输入 PIN）"


@dataclass(frozen=True)
class Job:
    """An account to make: its name, the person's made-up name, the role and where."""

    username: str
    display_name: str
    role: Role
    place: Division | Department


@dataclass(frozen=True)
class DemoAccount:
    """An account made, with the password that nobody can look up again."""

    user: User
    password: str
    place: str


@dataclass(frozen=True)
class Door:
    """A plate to try: whose it is (without a name), its address and PIN."""

    what: str
    path: str
    pin: str


def new_password() -> str:
    """Fifteen random signs in three blocks: some 74 bits, easy to copy from a screen. Drawn again if no digit fell."""
    while True:
        password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_BLOCK)) for _ in range(_BLOCKS))
        if not faults(password):
            return password


def make(jobs: Iterable[Job]) -> list[DemoAccount]:
    """Make the accounts, each with a password of its own."""
    made = []
    for number, job in enumerate(jobs, start=1):
        password = new_password()
        user = create_user(
            username=job.username,
            display_name=job.display_name,
            role=job.role,
            place=job.place,
            password=password,
            phone=f"{NOBODYS}{number:08d}",
            by=None,
            is_demo=True,
        )
        made.append(DemoAccount(user, password, _full_name(job.place)))
    return made


def _full_name(place: Division | Department) -> str:
    """The name; that of a group with its village, since every village has a first group."""
    if isinstance(place, Division) and place.parent and is_level(place.code, Level.GROUP):
        return f"{place.parent.name}{place.name}"
    return place.name


def people_text(accounts: Sequence[DemoAccount]) -> str:
    """The upper half of the paper: plain text in columns, as `script/run` prints it."""
    rows = [("角色", "账号", "密码", "姓名", "单位")]
    rows += [(Role(a.user.role).label, a.user.username, a.password, a.user.display_name, a.place) for a in accounts]
    return "\n".join([_PEOPLE, *columns(rows), ""])


def add_doors(path: Path, doors: Sequence[Door]) -> None:
    """Write the lower half below what stands on the paper: plates to try. Plates written before are no longer good."""
    above = path.read_text(encoding="utf-8").split(_DOORS)[0] if path.exists() else ""
    rows = [("户", "地址", "PIN"), *((door.what, door.path, door.pin) for door in doors)]
    write(path, above + "\n".join([_DOORS, *columns(rows), ""]))


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned text; a Chinese sign is two columns wide on a screen."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def write(path: Path, text: str) -> None:
    """Write the paper for its owner's eyes only (0600), all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    aside.replace(path)
