"""A month in which everything happens that the arithmetic knows: caps, reminders, pending and withdrawn entries, adjustments.

东山村 and 西河村 have declared, 南坪村 has not. What each household comes to is in SCORES, by hand.
"""

from datetime import date
from uuid import uuid4

from households.roles import Role
from scoring.models import ScoreEvent
from scoring.rollup.rollup import roll_up
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.events_import import import_events
from tests import copies
from tests.world import MONTH, TOWNSHIP, VILLAGE, World

FIRST, SECOND = f"{VILLAGE}01", f"{VILLAGE}02"
CAPPED, GENEROUS, REMINDED, WAITING, UNLAWFUL = (f"{FIRST}000{n}" for n in range(1, 6))
FORGIVEN, PLAIN, MIXED = (f"{SECOND}000{n}" for n in range(1, 4))
DOCUMENT = "石公(治)决〔2024〕17号"  # as it is kept, in half width

SCORES = {
    CAPPED: 80,  # 25 points of 零污染, 20 at most
    GENEROUS: 120,  # 25 points of bonus, 20 at most
    REMINDED: 100,
    WAITING: 100,  # still waits for a second person
    UNLAWFUL: 90,
    FORGIVEN: 100,  # withdrawn
    PLAIN: 100,
    MIXED: 97,  # 100 - 5 - 3 + 5
}
ADJUSTMENTS = {FIRST: -1, SECOND: 2, VILLAGE: -1, TOWNSHIP: -2}


def eventful_month(world: World) -> World:
    """Record, confirm, withdraw, declare two of three villages and roll up, in a world where nothing has happened yet."""
    copies.scene("eventful", lambda: _happen(world))
    return world


def _happen(world: World) -> None:
    township, petitions = world.user(Role.TOWNSHIP), world.user(Role.PETITION_OFFICE)
    for code, clauses in {
        CAPPED: ["WR04", "WR04", "WR02"],
        GENEROUS: ["WR09", "JL11", "WR10"],
        REMINDED: ["WJ01"],
        WAITING: ["WJ04"],
        FORGIVEN: ["SG04"],
        MIXED: ["JL02", "WR05", "SG11"],
        FIRST: ["WR13"],
        VILLAGE: ["WR13"],
    }.items():
        for clause in clauses:
            world.record(code, clause)
    world.record(SECOND, "WR14", by=township, document_no=DOCUMENT)
    confirm(world, world.record(UNLAWFUL, "FF01", by=petitions, document_no=DOCUMENT))
    withdraw(world, ScoreEvent.objects.get(code=FORGIVEN))
    on_township()
    world.declare(world.village, world.sister)
    roll_up(MONTH)


def confirm(world: World, event: ScoreEvent) -> None:
    """The county office is the second person."""
    _act(world, {"type": "confirm", "event": event.pk}, Role.COUNTY_OFFICE)


def withdraw(world: World, event: ScoreEvent) -> None:
    _act(world, {"type": "withdraw", "event": event.pk, "reason": "核查不属实"}, Role.CADRE)


def _act(world: World, raw: dict[str, object], role: str) -> None:
    raws = [{"op_id": str(uuid4()), **raw}]
    batch = apply_ops(month=MONTH, village=world.village, raws=raws, base_version=None, by=world.user(role))
    assert batch.outcomes[0].status == "applied", batch.outcomes[0].reason


def on_township() -> None:
    """A fact about the township itself, from the county's file."""
    data = f"division_code,date,clause_code,document_no,note\n{TOWNSHIP},2024-05-08,SG14,{DOCUMENT},\n"
    report = import_events(name="events.csv", data=data.encode(), today=date(2024, 6, 1))
    assert report.written, report.errors
