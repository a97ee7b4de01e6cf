"""Migrations that would lock a large table are noticed; those of a small one, and those that say why, are not."""

from pathlib import Path

import pytest
from django.apps import apps

from script import check_locks
from script.check_locks import LARGE, SINCE, complaints

HEAD = "from django.db import migrations, models\n"


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.AddIndex(model_name="pointentry", index=models.Index("at", name="x"))',
        'migrations.AddIndex("PointEntry", models.Index("at", name="x"))',
        'migrations.AddConstraint("householdscore", models.CheckConstraint(name="x"))',
        'migrations.AlterField("account", "balance", models.BigIntegerField())',
        'migrations.RunSQL("CREATE INDEX x ON scoring_pointentry (at)")',
        'migrations.RunSQL("CREATE UNIQUE INDEX x\\n ON households_auditevent (at)")',
        'migrations.RunSQL("ALTER TABLE scoring_householdscore ALTER COLUMN score TYPE bigint")',
        'migrations.RunSQL("ALTER TABLE petitions_petition ALTER title SET NOT NULL")',
        'migrations.RunSQL("ALTER TABLE scoring_account ADD CONSTRAINT x CHECK (balance < 9)")',
    ],
)
def test_lock_on_a_large_table_is_noticed(operation: str) -> None:
    [sentence] = complaints("scoring", HEAD + operation)
    assert "locks" in sentence
    assert list(complaints("scoring", f"# Locks: two seconds, by night\n{operation}")) == []


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.AddIndex(model_name="period", index=models.Index("at", name="x"))',
        'AddIndexConcurrently("pointentry", models.Index("at", name="x"))',
        'migrations.AddField("pointentry", "more", models.IntegerField(null=True))',
        'migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON scoring_pointentry (at)")',
        'migrations.RunSQL("ALTER TABLE scoring_account ADD CONSTRAINT x CHECK (balance < 9) NOT VALID")',
        'migrations.RunSQL("CREATE INDEX x ON scoring_period (month)")',
    ],
)
def test_what_locks_nothing_large_is_left_alone(operation: str) -> None:
    assert list(complaints("scoring", HEAD + operation)) == []


def test_large_tables_are_there() -> None:
    models = {model._meta.db_table for model in apps.get_models()} | {"households_trail"}
    assert {f"{room}_{model}" for room, names in LARGE.items() for model in names} - models == set()


def test_only_migrations_written_since_are_asked(tmp_path: Path) -> None:
    folder = tmp_path / "scoring/migrations"
    folder.mkdir(parents=True)
    for number in (SINCE["scoring"], SINCE["scoring"] + 1):
        (folder / f"{number:04}_x.py").touch()
    assert [path.name for _, path in check_locks.new_migrations(tmp_path)] == [f"{SINCE['scoring'] + 1:04}_x.py"]
