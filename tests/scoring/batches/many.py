"""Batches of the small world, written through the doors."""

from uuid import uuid4

from households.models import User
from households.operations import Answer
from households.roles import Role
from scoring.batches.actions import WantedBatch, record_many
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind
from tests.world import DAY, MONTH, VILLAGE, World

HOMES = [f"{VILLAGE}01000{number}" for number in range(1, 6)]
DEED = "SG12"  # a bonus that a leader records


def wanted(world: World, *codes: str, clause: str = DEED, **more: object) -> WantedBatch:
    entries = [FileEntry(code, DAY, clause) for code in codes]
    return WantedBatch(uuid4(), MONTH, world.village, BatchKind.MANY, entries, **more)


def recorded(world: World, *codes: str, by: User | None = None, clause: str = DEED) -> Answer:
    return record_many(wanted(world, *codes, clause=clause), by=by or world.user(Role.CADRE))


def batch_of(world: World) -> int:
    return int(recorded(world, HOMES[3])["batch"])
