"""What the database itself refuses, whoever asks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction


def broken(act: Callable[[], object], rule: str) -> None:
    """The database refuses `act`, and its words name the rule (a pattern)."""
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        act()


def raw(sql: str) -> Callable[[], None]:
    """The statement as an act, past every model and queryset."""

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return execute
