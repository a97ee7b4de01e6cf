"""Second people: what one asks for, another must grant."""

from households.accounts.actions.accounts import create_user
from households.models import User
from households.roles import Role
from tests.world import PASSWORD, World


def second(role: str) -> str:
    """The account of the second person."""
    return f"{role}-2"


def colleague(world: World, role: str) -> User:
    """Somebody else with the same job at the same place."""
    first, name = world.user(role), f"{Role(role).label[:6]}丙"
    person = {"username": second(role), "display_name": name, "role": role, "place": first.division or first.department}
    return create_user(**person, password=PASSWORD, by=None, is_demo=True)
