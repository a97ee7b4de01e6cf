"""What a county publishes to its province: lines of places down to villages and of departments, and nothing that is a household's."""

from dataclasses import dataclass

from django.db import connection, transaction

from dongkou.acting import acting_as
from households.refusals import Refused
from households.sql import column, row, run

PUBLICATION = "dongkou_province"
ROLE = "dongkou_province"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table, those of its columns that are told, and which of its rows (a condition of SQL; empty for all)."""

    name: str
    columns: tuple[str, ...]
    rows: str = ""

    @property
    def clause(self) -> str:
        """As CREATE PUBLICATION names it."""
        return f"{self.name} ({', '.join(self.columns)})" + (f" WHERE ({self.rows})" if self.rows else "")


DOWN_TO_VILLAGES = "length(code) <= 12"
TABLES = (
    PublishedTable("households_division", ("code", "name", "parent_id", "valid_from", "valid_to"), DOWN_TO_VILLAGES),
    PublishedTable(
        "scoring_divisionscore",
        ("month", "code", "active", "households", "total", "adjustment", "six_zero", "events", "as_of"),
        DOWN_TO_VILLAGES,
    ),
    PublishedTable(
        "dongkou_publisheddepartment", ("cell", "month", "code", "name", "active", "households", "total", "as_of")
    ),
    PublishedTable("dongkou_closedmonth", ("cell", "month", "version", "at")),
)
_IS_PUBLISHED = "SELECT 1 FROM pg_publication WHERE pubname = %s"
_HAS_ROLE = "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolreplication"


def publish(role: str = ROLE) -> list[str]:
    """Publish to whoever signs in as `role`, who must be there; harmless when repeated. As the owner of the tables.

    Returns what the operator should still see to, a sentence each. Raises Refused.
    """
    if column("SHOW wal_level") != ["logical"]:
        raise Refused("wal_level", "数据库的 wal_level 不是 logical，不能向省里发布。", hint="改好以后重启数据库。")
    if not column(_HAS_ROLE, [role]):
        raise Refused(
            "no_role",
            f"数据库里没有能复制的帐号 {role}。",
            hint=f"请数据库管理员运行 CREATE ROLE {role} LOGIN REPLICATION PASSWORD '…'。",
        )
    with acting_as("owner"), transaction.atomic():
        told = ", ".join(table.clause for table in TABLES)
        if column(_IS_PUBLISHED, [PUBLICATION]):
            run(f"ALTER PUBLICATION {PUBLICATION} SET TABLE {told}")
        else:
            # No TRUNCATE: what one county empties would be emptied of all.
            run(f"CREATE PUBLICATION {PUBLICATION} FOR TABLE {told} WITH (publish = 'insert, update, delete')")
        for table in TABLES:
            named = connection.ops.quote_name(role)
            run(f"GRANT SELECT ({', '.join(table.columns)}) ON {table.name} TO {named}")
    return _advice()


def _advice() -> list[str]:
    """A province that is away must not fill the county's disk."""
    known = row("SELECT setting::int FROM pg_settings WHERE name = 'max_slot_wal_keep_size'")
    if known and known[0] < 0:
        return ["max_slot_wal_keep_size 没有设：省里长期断开会占满本县的磁盘，建议设成 4GB。"]
    return []
