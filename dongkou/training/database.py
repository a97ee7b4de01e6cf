"""The training villages' own database: the same tables beside the county's, so that no statement can read both (ADR 59)."""

import contextlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, load_backend

from dongkou.acting import WHO, acting_as
from dongkou.training.state import IN_TRAINING, MARK
from households.refusals import Refused
from households.sql import column, rows, run

_SUFFIX = "_training"
_IS_TURNED = "SELECT 1 FROM pg_constraint WHERE conname = 'division_is_invented'"
_HAS_TABLES = "SELECT 1 WHERE to_regclass('django_migrations') IS NOT NULL"
_APPLIED = "SELECT app, name FROM django_migrations"
_INHABITED = "SELECT 1 FROM households_division LIMIT 1"
_EXISTS = "SELECT 1 FROM pg_database WHERE datname = %s"
# Here it is the other way round: a code of the county cannot stand among the invented ones.
_TURN_ROUND = f"""
    ALTER TABLE households_division DROP CONSTRAINT IF EXISTS division_is_not_invented;
    ALTER TABLE households_division ADD CONSTRAINT division_is_invented CHECK (code ~ '^{MARK}');
"""


def name() -> str:
    """What the database is called: as the county's, with an ending."""
    known: str = connection.settings_dict["NAME"]
    return known if known.endswith(_SUFFIX) else f"{known}{_SUFFIX}"


@contextlib.contextmanager
def opened() -> Iterator[None]:
    """Within the block every statement, of whatever room, goes to the training villages; on a connection of its own."""
    own = _connection(NAME=name())
    county, token = connections[DEFAULT_DB_ALIAS], IN_TRAINING.set(True)
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = county
        IN_TRAINING.reset(token)
        own.close()


def there() -> bool:
    """Whether it was made."""
    with connection.cursor() as cursor:
        cursor.execute(_EXISTS, [name()])
        return cursor.fetchone() is not None


def must_be_there() -> None:
    """Refuse by name where nobody has made it."""
    if not there():
        raise Refused(
            "no_training_database", "练习用的数据库还没有建。", hint="请机房按操作手册“练习村”一节建好，再来这里。"
        )


def prepare() -> str:
    """Made, and with the tables that the county's has; as the owner. Returns a sentence where the owner may not make databases.

    What was applied is compared with the county's, which is up to date by then: no migration is read for nothing.
    """
    if not there() and (trouble := _make()):
        return trouble
    wanted = set(rows(_APPLIED))
    with opened(), acting_as("owner"):
        if not column(_HAS_TABLES) or wanted - set(rows(_APPLIED)):
            call_command("migrate", verbosity=0, interactive=False)
        if not column(_IS_TURNED):
            run(_TURN_ROUND)
    return ""


def copy_of_empty() -> None:
    """Made out of the county's own while nothing lies in that, which is quicker than migrating twice; else left to `prepare`."""
    if not there() and not column(_INHABITED):
        _make(template=str(connection.settings_dict["NAME"]))


def _make(*, template: str = "") -> str:
    owner = settings.DATABASE_ROLES["owner"]
    maker = _connection(**{part: owner.get(part, "") for part in WHO})
    connection.close()  # nobody but the maker may be connected to what is copied
    try:
        with maker.cursor() as cursor:
            copied = f" TEMPLATE {maker.ops.quote_name(template)}" if template else ""
            cursor.execute(f"CREATE DATABASE {maker.ops.quote_name(name())}{copied}")
    except (ProgrammingError, OperationalError):
        return "没有建练习村用的数据库：数据库所有者帐号不能建库，见 docs/operations.md 的“练习村”。"
    finally:
        maker.close()
    return ""


def _connection(**changed: Any) -> BaseDatabaseWrapper:
    wanted = deepcopy(connection.settings_dict) | changed
    made: BaseDatabaseWrapper = load_backend(wanted["ENGINE"]).DatabaseWrapper(wanted, alias=DEFAULT_DB_ALIAS)
    return made
