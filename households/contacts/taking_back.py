"""Taking back a file of contacts as one: people, micro-grids and contacts that it made go, and what it changed is as it was."""

from collections.abc import Sequence

from households.imports import hanging, taking_back
from households.imports.taking_back import KeptTable
from households.models import User

_KEY = "t.id::text"
PEOPLE = KeptTable(
    "households_contactperson",
    _KEY,
    "SELECT id::text AS key FROM households_contactperson",
    ("name", "phone", "user_id", "place_id"),
    "联系人",
)
GRIDS = KeptTable(
    "households_microgrid", _KEY, "SELECT NULL::text AS key WHERE false", ("name", "head_id", "valid_to"), "微网格"
)
CONTACTS = KeptTable(
    "households_contact",
    _KEY,
    "SELECT c.id::text AS key FROM households_contact c JOIN staged_contact s ON s.household = c.household_id",
    ("person_id", "micro_grid_id", "valid_from", "valid_to"),
    "联系",
)
TABLES = (PEOPLE, GRIDS, CONTACTS)  # in the order in which they are written


def hang_on_contacts(run_id: int) -> Sequence[str]:
    """Why they cannot be taken back: changed or handed over since, or somebody new hangs on them."""
    return hanging.on(run_id, *TABLES)


def take_back_contacts(run_id: int, _by: User) -> int:
    return taking_back.put_back(run_id, *TABLES)
