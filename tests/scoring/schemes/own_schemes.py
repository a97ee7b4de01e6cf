"""A county's own scheme as text, and handing it in."""

from django.utils import timezone

from households.models import User
from households.months import Month, month_of, next_month
from households.roles import Role
from scoring.models import SchemeAsk
from scoring.schemes import actions
from scoring.schemes.files import SHIPPED, parse
from tests.world import World


def coming() -> Month:
    return next_month(next_month(month_of(timezone.localdate())))


def own_text(**changes: str) -> str:
    """The newest template under the county's own name, from a month on that has not begun."""
    text = (SHIPPED / "2026.toml").read_text(encoding="utf-8")
    draft = parse(text, "2026.toml")
    given = {draft.code: "SM-1", draft.name: "石门县六零细则", draft.effective_from: coming()} | changes
    for old, new in given.items():
        text = text.replace(f'"{old}"', f'"{new}"', 1)
    return text


def asked(world: World, by: User | None = None, text: str = "") -> SchemeAsk:
    return actions.ask_scheme(text=text or own_text(), name="细则.toml", by=by or world.user(Role.COUNTY_OFFICE))
