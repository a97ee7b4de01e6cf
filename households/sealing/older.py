"""Rows from before their columns lay sealed."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from households.sealing.fields import FIRST_SIGN


def seal_older(rows: QuerySet[Any], columns: Sequence[str], *, at_once: int, note: Callable[[int], None]) -> int:
    """Seal `columns` of the rows whose first one lies in clear, a lot in a transaction with its note; returns how many.

    Interrupted it goes on the next time; pages show them meanwhile.
    """
    in_clear = RawSQL(f"get_byte({columns[0]}, 0) >= {FIRST_SIGN}", [], output_field=BooleanField())  # noqa: S611
    older = rows.alias(in_clear=in_clear).filter(in_clear=True).only(*columns).order_by("pk")
    done = 0
    while count := _seal_some(older.select_for_update(no_key=True)[:at_once], columns, note):
        done += count
    return done


@transaction.atomic
def _seal_some(older: QuerySet[Any], columns: Sequence[str], note: Callable[[int], None]) -> int:
    found = list(older)
    for row in found:
        row.save(update_fields=columns)
    if found:
        note(len(found))
    return len(found)
