"""The columns of the database as it stands: also those that somebody added past the program."""

from dongkou.self_check.forbidden import KeptColumn
from households.sql import rows

# Tables with a unique key that holds a person of the staff: a row a person, or one a person and day, place or kind.
_COLUMNS = """
    WITH persons AS (
        SELECT a.attrelid AS relid, a.attnum
        FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
        WHERE c.contype = 'f' AND c.confrelid = 'households_user'::regclass
        UNION SELECT 'households_user'::regclass, attnum FROM pg_attribute
        WHERE attrelid = 'households_user'::regclass AND attname = 'id'
    ), keys AS (
        SELECT i.indrelid AS relid
        FROM pg_index i
        WHERE i.indisunique AND EXISTS (
            SELECT FROM persons p WHERE p.relid = i.indrelid AND p.attnum = ANY (i.indkey::int2[])
        )
    )
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
        EXISTS (SELECT FROM keys k WHERE k.relid = c.oid),
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey::int2[]))
        OR EXISTS (
            SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
        )
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT c.relispartition
    ORDER BY 1, a.attnum
"""


def kept_columns() -> list[KeptColumn]:
    """All of them, tables of libraries and views too."""
    return [KeptColumn(*row) for row in rows(_COLUMNS)]
