"""Entries of an installation from before there were chains are chained in the order in which they were written."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from households.sql import run
from scoring.checks.verify import verify
from scoring.ledger import door as ledger
from scoring.models import LedgerHead, PointEntry
from tests.world import MONTH, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
MIGRATION = import_module("scoring.migrations.0004_ledger")
WITHHOLDINGS = import_module("scoring.migrations.0009_withholdings")
NEW = ("text", "chain", "seq", "salt", "hash")
# As 0003 left the table: neither chains nor years, no heads, and no words that could be withheld.
BEFORE = f"""
    SET CONSTRAINTS ALL IMMEDIATE;
    {WITHHOLDINGS.GUARDS_DOWN}
    ALTER TABLE scoring_pointentry {", ".join(f"ALTER {column} DROP NOT NULL" for column in NEW)},
        DROP CONSTRAINT entry_earns_in_a_year, DISABLE TRIGGER entry_append_only;
    UPDATE scoring_pointentry SET year = NULL, {", ".join(f"{column} = NULL" for column in NEW)};
    ALTER TABLE scoring_pointentry ENABLE TRIGGER entry_append_only;
    DELETE FROM scoring_ledgerhead;
"""


@pytest.fixture
def shipped(world: World) -> World:
    """A frozen month as the first release kept it, moved to the chains."""
    world.frozen_once()
    with connection.cursor() as cursor:
        for step in (BEFORE, MIGRATION.CHAIN_WHAT_IS_THERE, WITHHOLDINGS.GUARDS):
            cursor.execute(step)
    return world


def test_old_entries_are_chained_and_verified(shipped: World) -> None:
    assert verify() == []
    assert list(PointEntry.objects.filter(chain=VILLAGE).order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 12)
    )
    assert set(LedgerHead.objects.values_list("chain", flat=True)) >= {VILLAGE, TOWNSHIP, "department:LYJ"}


def test_old_entries_tell_what_they_were_for(shipped: World) -> None:
    assert set(PointEntry.objects.values_list("text", flat=True)) == {"2024年5月考核所得"}


def test_old_entries_of_a_lapsed_year_count_from_their_writing(shipped: World) -> None:
    assert {entry.year for entry in PointEntry.objects.all()} == {PointEntry.objects.first().at.year}


def test_old_chains_go_on(shipped: World) -> None:
    home = ledger.household(f"{VILLAGE}010001")
    assert ledger.hold(home, 10, key="order:1", text="预留")
    assert ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE]) == 0
    assert verify() == []


def test_table_is_guarded_again(shipped: World) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run("DELETE FROM scoring_pointentry")
    with pytest.raises(IntegrityError, match="append-only"):
        run("UPDATE scoring_pointentry SET text = '改过'")
