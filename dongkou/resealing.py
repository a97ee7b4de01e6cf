"""Sealing everything anew under the newest key, in bounded steps that may stop anywhere and go on the next time.

Most of what is sealed stands in rows that nothing may change. The owner of the tables has their guards sleep for one step:
in its transaction, under a lock, so that nobody else ever sees them asleep. What follows a table's changes stays awake.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from dongkou.guards import FIELD
from dongkou.models import KeyPrint
from households.sealing.fields import SealedBytesField
from households.sealing.sealing import Unreadable, seal, unseal
from petitions.filing.codes import filer_key
from petitions.models import Petition
from petitions.sealed import SealedTextField

AT_ONCE = 200  # rows of one step: a table is locked for less than a second
OTHERS = {
    "households.Household": ("phone",),
    "households.User": ("phone",),
    "households.AccountRequest": ("phone",),
    "petitions.Attachment": ("sealed",),
    "households.AuditEvent": ("address",),
}


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table and its sealed columns."""

    model: type[models.Model]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)


def sealed_tables() -> list[SealedTable]:
    """All of them."""
    found = []
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        others = OTHERS.get(model._meta.label, ())
        own = {
            str(each.column)
            for each in fields
            if isinstance(each, (SealedBytesField, SealedTextField)) or each.name in others
        }
        found += [SealedTable(model, tuple(sorted(own)))] if own else []
    return found


def reseal(tell: Callable[[str], None]) -> list[str]:
    """Seal anew whatever lies under an older key. Returns the rows that no key opens. For the owner of the tables."""
    unreadable: list[str] = []
    for table in sealed_tables():
        done, after = 0, ""
        while rows := _step(table, after, unreadable):
            done, after = done + len(rows), rows[-1]
        if done:
            tell(f"{table.name}：{done} 行")
    return unreadable


def _older(table: SealedTable) -> str:
    newest = settings.FIELD_KEYS.newest
    return " OR ".join(f"get_byte({column}, 0) <> {newest}" for column in table.columns)


@transaction.atomic
def _step(table: SealedTable, after: str, unreadable: list[str]) -> list[str]:
    """The next rows whose key follows `after`. Returns their keys; none when the table is through."""
    listed = ", ".join(table.columns)
    behind = f"{table.key} > %s AND" if after else ""
    with connection.cursor() as cursor, _asleep(table):
        cursor.execute(
            f"SELECT {table.key}, {listed} FROM {table.name} WHERE {behind} ({_older(table)}) ORDER BY {table.key} LIMIT {AT_ONCE}",
            [after] if after else [],
        )
        rows = cursor.fetchall()
        for key, *values in rows:
            try:
                fresh: dict[str, Any] = dict(zip(table.columns, (_anew(value) for value in values), strict=True))
            except Unreadable:
                unreadable.append(f"{table.name} {key}")
                continue
            changes = fresh | _digests(table, fresh)
            listed_changes = ", ".join(f"{column} = %s" for column in changes)
            cursor.execute(f"UPDATE {table.name} SET {listed_changes} WHERE {table.key} = %s", [*changes.values(), key])
    return [str(key) for key, *_ in rows]


@contextlib.contextmanager
def _asleep(table: SealedTable) -> Iterator[None]:
    """The guards of a table sleep; what writes down its changes does not. A failure takes all of it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tgname) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgenabled = 'O' AND tgname NOT LIKE 'trail\\_%%'",
            [table.name],
        )
        guards = [name for (name,) in cursor.fetchall()]
        for guard in guards:
            cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER {guard}")
        yield
        for guard in guards:
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER {guard}")


def _digests(table: SealedTable, fresh: dict[str, Any]) -> dict[str, Any]:
    """What is kept beside sealed columns to find them by, under the new key."""
    phone = fresh.get("filer_phone") if table.model is Petition else None
    return {"filer_key": filer_key(unseal(phone).decode())} if phone else {}


def _anew(value: memoryview | None) -> bytes | None:
    if value is None or bytes(value[:1])[0] == settings.FIELD_KEYS.newest:
        return None if value is None else bytes(value)
    return seal(unseal(value))


def still_used() -> list[int]:
    """Numbers of older keys under which something lies."""
    return sorted(lying_under().keys() & (settings.FIELD_KEYS.keys() - {settings.FIELD_KEYS.newest}))


def lying_under() -> Counter[int]:
    """How many sealed values lie under each key, by its number."""
    found = Counter[int]()
    with connection.cursor() as cursor:
        for table in sealed_tables():
            for column in table.columns:
                cursor.execute(
                    f"SELECT get_byte({column}, 0), count(*) FROM {table.name} WHERE {column} IS NOT NULL GROUP BY 1"
                )
                found.update(dict(cursor.fetchall()))
    return found


def retire(numbers: set[int]) -> None:
    """Nothing lies under these keys any more: data without them are whole."""
    KeyPrint.objects.filter(kind=FIELD, number__in=numbers, retired_at=None).update(retired_at=timezone.now())
