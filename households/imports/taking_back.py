"""What an import found and what it left, row by row, so that it can be taken back as one.

Kept beside the import's own statements and in their transaction: what a row was before (nothing for a new one), and a digest of
what it became. Taking back gives every row what it was, unless somebody has changed it since or something hangs on it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from households.sql import rows, run

NAMED = 5  # rows named in a refusal
MANY = 1000  # rows kept of a run, from which on the database's statistics are renewed


@dataclass(frozen=True, slots=True)
class KeptTable:
    """`key` names a row of `table`, in SQL over it; `staged` selects the keys that the import may write.

    `columns` are those that it writes; `what` is a row in a reader's word.
    """

    table: str
    key: str
    staged: str
    columns: tuple[str, ...]
    what: str

    @property
    def digest(self) -> str:
        """Of what a row holds now."""
        return f"md5(ROW({', '.join(f't.{column}' for column in self.columns)})::text)"


_BEFORE = """
    DROP TABLE IF EXISTS pg_temp.{temporary}; CREATE TEMP TABLE {temporary} ON COMMIT DROP AS
    SELECT s.key, to_jsonb(t) AS before, CASE WHEN t IS NOT NULL THEN {digest} END AS digest
    FROM (SELECT DISTINCT key FROM ({staged}) x) s LEFT JOIN {table} t ON {key} = s.key
"""
_AFTER = """
    INSERT INTO households_importchange (run_id, source, key, before, after)
    SELECT %(run)s, '{table}', b.key, b.before, {digest} FROM {temporary} b JOIN {table} t ON {key} = b.key
    WHERE b.digest IS DISTINCT FROM {digest}
"""
_MOVED_ON = """
    SELECT c.key FROM households_importchange c LEFT JOIN {table} t ON {key} = c.key
    WHERE c.run_id = %(run)s AND c.source = '{table}' AND (t IS NULL OR c.after <> {digest}) ORDER BY 1
"""
_GIVE_BACK = """
    UPDATE {table} t SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, c.before))
    FROM households_importchange c
    WHERE c.run_id = %(run)s AND c.source = '{table}' AND c.before IS NOT NULL AND {key} = c.key
"""
_TAKE_OUT = """
    DELETE FROM {table} t USING households_importchange c
    WHERE c.run_id = %(run)s AND c.source = '{table}' AND c.before IS NULL AND {key} = c.key
"""


@contextmanager
def kept(run_id: int | None, *tables: KeptTable) -> Iterator[None]:
    """Keep what the statements inside do to the tables, as of this run; nothing without one. In a transaction."""
    if run_id is not None:
        for table in tables:
            run(_said(_BEFORE, table))
    yield
    if run_id is None:
        return
    if sum(run(_said(_AFTER, table), {"run": run_id}) for table in tables) > MANY:
        run("ANALYZE households_importchange")  # whoever takes it back joins all of them, and the planner should know


def also(run_id: int | None, table: KeptTable, keys: Iterable[object]) -> None:
    """Rows that the statements inside made and whose keys nobody could know before."""
    if run_id is not None:
        made = {"keys": [str(key) for key in keys]}
        run(_said("INSERT INTO {temporary} (key) SELECT unnest(%(keys)s::text[])", table), made)


def moved_on(run_id: int, table: KeptTable) -> list[str]:
    """Keys of rows that are no longer what the run left."""
    return [key for (key,) in rows(_said(_MOVED_ON, table), {"run": run_id})]


def put_back(run_id: int, *tables: KeptTable) -> int:
    """Every row as it was before the run; returns how many. `tables` in the order in which they were written.

    What the run made goes first: it may stand where only one may.
    """
    done = 0
    for table in reversed(tables):
        done += run(_said(_TAKE_OUT, table), {"run": run_id}) + run(_said(_GIVE_BACK, table), {"run": run_id})
    return done


def _said(sql: str, table: KeptTable) -> str:
    return sql.format(
        temporary=f"before_{table.table}",
        table=table.table,
        key=table.key,
        staged=table.staged,
        digest=table.digest,
        columns=", ".join(table.columns),
    )


def named(keys: Sequence[str]) -> str:
    """The first few of them."""
    return "、".join(keys[:NAMED]) + (f" 等 {len(keys)} 个" if len(keys) > NAMED else "")
