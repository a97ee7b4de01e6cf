"""What hangs on rows that an import made, so that they cannot be taken back: whatever refers to them and came otherwise.

Found in the models, so that a later table is asked too; what a room keeps by code alone it registers.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from households.imports.taking_back import KeptTable, moved_on, named
from households.sql import rows

# Rows of `table` that refer to a row the run made, and are none of its own.
_REFERRING = """
    SELECT count(*), min(c.key) FROM {table} x JOIN households_importchange c
      ON c.run_id = %(run)s AND c.source = %(source)s AND c.before IS NULL AND x.{column}::text = c.key
    WHERE NOT EXISTS (SELECT FROM households_importchange o
                      WHERE o.run_id = c.run_id AND o.source = '{table}' AND o.before IS NULL AND o.key = x.{own}::text)
"""
_LEFT_ALONE = frozenset({"households_importchange", "households_householdwords"})  # words go with their household
Asked = Callable[[int], Iterable[str]]
_asked: list[Asked] = []


def register(asked: Asked) -> None:
    """Have a room say what of its own hangs, by code, on what a run made."""
    _asked.append(asked)


def on(run_id: int, *tables: KeptTable) -> list[str]:
    """Why the run cannot be taken back, one sentence each; empty when nothing stands against it."""
    found = []
    for table in tables:
        if keys := moved_on(run_id, table):
            found.append(f"导入以后又改过或停用过的{table.what}：{named(keys)}。")
        found += _referring(run_id, table)
    for asked in _asked:
        found += asked(run_id)
    return found


def _referring(run_id: int, table: KeptTable) -> Iterator[str]:
    for model, field in _pointing_at(table.table):
        meta = model._meta
        sql = _REFERRING.format(table=meta.db_table, column=field.column, own=_key_column(model))
        [(count, first)] = rows(sql, {"run": run_id, "source": table.table})
        if count:
            yield f"{table.what} {first} 等已经有了{meta.verbose_name}（{count} 条）。"


def _key_column(model: type[Model]) -> str:
    pk = model._meta.pk
    assert pk is not None
    assert pk.column is not None
    return pk.column


def _pointing_at(table: str) -> Iterator[tuple[type[Model], "ForeignKey[Any, Any]"]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if (
                isinstance(field, ForeignKey)
                and field.remote_field.model._meta.db_table == table
                and model._meta.db_table not in _LEFT_ALONE
            ):
                yield model, field
