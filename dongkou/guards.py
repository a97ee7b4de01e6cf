"""What must fit before anybody touches the data: the server, the schema, the keys. What does not is one sentence."""

import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, OperationalError, ProgrammingError, connection

from dongkou.database_roles import LEAST_VERSION
from dongkou.keys import print_of
from dongkou.layout import BASE_DIR
from dongkou.models import KeyPrint
from households.models import Household
from households.sealing.sealing import Unreadable, unseal

ROOMS = ("households", "petitions", "rewards", "scoring", "dongkou")
CODE, FIELD = "code", "field"
_WORDS = {CODE: "口令和查询码的密钥", FIELD: "加密用的密钥"}


class Mismatch(ImproperlyConfigured):
    """This program, these keys or this server do not go with the data; the message is one sentence for the operator."""


class Unreachable(Mismatch):
    """The database does not answer just now."""


def refuse_unfit() -> None:
    """Raises Mismatch. Three short questions to the database."""
    try:
        connection.ensure_connection()
        version = int(connection.connection.server_version)
    except NotSupportedError:
        version = 0
    except OperationalError as trouble:
        reason = (str(trouble).strip().splitlines() or ["?"])[0]
        raise Unreachable(f"连不上数据库（{reason}），请检查数据库服务和 DATABASE_URL。") from None
    if version < LEAST_VERSION:
        raise Mismatch(f"需要 PostgreSQL {LEAST_VERSION // 10000} 或更新的版本，DATABASE_URL 指向的数据库版本过低。")
    try:
        newer = sorted(unknown_migrations())
    except ProgrammingError:
        raise Mismatch("数据库帐号还没有读写数据表的权限，请先运行 manage.py migrate。") from None
    if newer:
        raise Mismatch(
            f"数据库已由更新的版本升级过（{newer[-1]}），本程序较旧，继续使用会写坏数据，请换用新版本或恢复升级前的备份。"
        )
    for kind, number in strange_keys():
        raise Mismatch(
            f"密钥与数据不符：{_WORDS[kind]}（编号 {number}）不是这份数据的，"
            f"请把这份数据的密钥文件放回 {settings.LAYOUT.secrets} 再启动，没有改动任何数据。"
        )


def refuse_unfit_child() -> None:
    """For web, worker and beat, wherever they were started. Without a database they start and say so themselves."""
    try:
        refuse_unfit()
    except Unreachable:
        return
    except Mismatch as trouble:
        sys.exit(str(trouble))
    finally:
        connection.close()


def unknown_migrations() -> set[str]:
    """Migrations of our rooms that the database has had and this program does not know."""
    return _migrations_had() - known_migrations()


def refuse_unmigrated() -> None:
    """Mismatch when the database waits for migrations of this program: nobody serves with half of them."""
    if waiting := sorted(known_migrations() - _migrations_had()):
        raise Mismatch(
            f"数据库还没有升级到本程序的版本（缺 {waiting[0]} 等 {len(waiting)} 项），请先在一台机器上运行 manage.py set_up。"
        )


def _migrations_had() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [list(ROOMS)])
        return {f"{app}.{name}" for app, name in cursor.fetchall()}


def known_migrations() -> set[str]:
    """Of our rooms, those that this program brings."""
    files = [(room, path) for room in ROOMS for path in Path(BASE_DIR / room / "migrations").glob("[0-9]*.py")]
    return {f"{room}.{path.stem}" for room, path in files}


def strange_keys() -> Iterator[tuple[str, int]]:
    """Kind and number of keys that the data lie under and that are not here, or are others."""
    try:
        noted = list(
            KeyPrint.objects.filter(retired_at=None).values_list("kind", "number", "print").order_by("kind", "number")
        )
    except ProgrammingError:  # no such table yet: nothing was noted
        return
    for kind, number, known in noted:
        if _print(kind, number) != known:
            yield kind, number


def note_keys() -> None:
    """Note the keys of new data, or those that were made since. Raises Mismatch before older data are noted under wrong ones."""
    if not KeyPrint.objects.filter(kind=FIELD).exists() and not opens_what_lies_there():
        raise Mismatch(
            f"密钥与数据不符：已有的电话解不开，请把这份数据的密钥文件放回 {settings.LAYOUT.secrets} 再启动，没有改动任何数据。"
        )
    keys = [(CODE, 1), *((FIELD, number) for number in sorted(settings.FIELD_KEYS))]
    rows = [KeyPrint(kind=kind, number=number, print=_print(kind, number)) for kind, number in keys]
    KeyPrint.objects.bulk_create(rows, ignore_conflicts=True)


def opens_what_lies_there() -> bool:
    """Whether a sealed telephone number opens, if there is one."""
    sealed = Household.objects.exclude(phone=None).values_list("phone", flat=True).order_by("-code").first()
    try:
        return sealed is None or bool(unseal(sealed))
    except Unreadable:
        return False


def _print(kind: str, number: int) -> str:
    try:
        return print_of(settings.CODE_KEY.encode() if kind == CODE else settings.FIELD_KEYS[number])
    except KeyError:
        return ""
