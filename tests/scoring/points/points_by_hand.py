"""Points by hand: asking for them and granting them in short words."""

from uuid import UUID, uuid4

from households.models import User
from scoring.ledger import door as ledger
from scoring.ledger.owners import Owner
from scoring.models import PointAdjustment
from scoring.points import actions
from tests.world import VILLAGE, World

HOME = ledger.household(f"{VILLAGE}010001")


def asker_of(world: World, owner: Owner) -> User:
    return world.user(actions.ASKS[owner.kind])


def ask(world: World, owner: Owner = HOME, points: int = 5, **given: object) -> PointAdjustment:
    by = given.pop("by", None) or asker_of(world, owner)
    reason = given.pop("reason", "防汛值守漏记")
    given = {"op_id": uuid4(), "public_reason": "duty"} | given
    answer = actions.ask_points(owner=owner, points=points, reason=reason, by=by, **given)
    return PointAdjustment.objects.get(pk=answer["adjustment"])


def grant(asked: PointAdjustment, by: User, op_id: UUID | None = None) -> dict:
    return actions.grant_points(asked=asked, op_id=op_id or uuid4(), by=by)
