"""A folder that kept the older guard of public copies gets the one in force."""

import importlib

import pytest
from django.db import connection

from tests.constraints import raw

pytestmark = pytest.mark.django_db
REPAIR = importlib.import_module("petitions.migrations.0015_publication_guard").GUARD
AS_MADE = importlib.import_module("petitions.migrations.0005_board_and_public_list").GUARDS
GUARD = """
    SELECT p.prosrc, pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgname = 'publication_only_withdrawn'"""


def guard() -> tuple:
    """The function's text and the trigger as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(GUARD)
        [found] = cursor.fetchall()
        return found


def test_older_guard_becomes_the_one_in_force() -> None:
    present = guard()
    raw(
        "CREATE OR REPLACE FUNCTION publication_only_withdrawn() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'"
    )()
    assert guard() != present
    raw(REPAIR)()
    assert guard() == present
    assert present[0].strip() in AS_MADE
