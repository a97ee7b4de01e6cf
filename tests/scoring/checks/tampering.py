"""What somebody does who owns the database: triggers and constraints do not stop them, only what was published does."""

from households.sql import run


def tamper(*statements: str) -> None:
    """Run SQL as if no guard were there."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE scoring_pointentry DROP CONSTRAINT IF EXISTS entry_fits_its_kind")
    run("SET LOCAL session_replication_role = replica")
    for statement in statements:
        assert run(statement), statement
    run("SET LOCAL session_replication_role = origin")
