"""A migration taken back and run again on rows that are there, in the test's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from dongkou.database_roles import grant
from households import sql
from tests.acting import administrator


@contextmanager
def before(room: str, name: str) -> Iterator[None]:
    """Inside, the schema is as it was before the migration; afterwards it has run on whatever was written there."""
    loader = MigrationLoader(connection)
    migration = loader.get_migration(room, name)
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        migration.unapply(loader.project_state((room, name), at_end=False), editor)
    yield
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        migration.apply(loader.project_state((room, name), at_end=False), editor)
    sql.run("SET CONSTRAINTS ALL DEFERRED")
    with administrator(), connection.cursor() as cursor:
        grant(cursor)
