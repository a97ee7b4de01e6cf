"""A county that is scored, and everything it shows of that: what petitions must leave byte-identical."""

import io
import json
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from households.roles import Role
from scoring.rollup.rollup import roll_up
from tests import copies
from tests.petitions.tables import digests, figures, joined
from tests.rewards.awards.scene import awarded
from tests.rewards.projects.village_works import asked, listed
from tests.rewards.shop_world import build_shop
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World


def scored(world: World) -> World:
    """A frozen month with a deduction and an addition in it, points, a shop, a project with its ballot, and an award."""

    def make() -> None:
        world.record(world.household.code, "WJ02")
        world.frozen_month()
        build_shop(world).reserve()
        asked(world, listed(world))
        awarded(world)

    copies.scene("a scored county", make)
    return world


class Eyes:
    """Who looks at the scores, signed in once: signing in is written down."""

    def __init__(self, world: World) -> None:
        self.household = world.household.code
        self.cadre, self.county = world.client(Role.CADRE), world.client(Role.COUNTY_OFFICE)

    def state(self) -> dict[str, str]:
        """Every table of scores, rewards and households, and everything shown."""
        return digests(joined()) | self.shown()

    def shown(self) -> dict[str, str]:
        """Rankings as CSV and JSON, why, accounts and sheets, as commands and interface give them."""
        told = {f"{level} csv": _command("rankings", MONTH, level) for level in ("village", "township")}
        told["county json"] = _command("rankings", MONTH, "county", "--format", "json")
        told["departments"] = _command("department_rankings", MONTH)
        places = (self.household, VILLAGE)
        asked = [("api-why", MONTH, code) for code in places] + [("api-account", code) for code in places]
        asked += [("api-sheet", MONTH, VILLAGE), ("api-ranking", MONTH, "village")]
        told |= {f"{name} {parts}": _read(self.cadre, name, *parts) for name, *parts in asked}
        return told | {f"why {code}": _read(self.county, "api-why", MONTH, code) for code in (TOWNSHIP, COUNTY)}


def _read(client: Client, name: str, *parts: str) -> str:
    answer = client.get(reverse(name, args=parts))
    assert answer.status_code == 200, (name, parts)
    return json.dumps(answer.json(), sort_keys=True, ensure_ascii=False)


def _command(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def computed_anew() -> dict[str, str]:
    """All tables once the month was rolled up from nothing."""
    roll_up(MONTH, full=True)
    return figures(joined())


def sequences() -> list[tuple[Any, ...]]:
    """Where every sequence stands, for `rewind`: rolling back does not take them along."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', last_value, is_called FROM {name}" for name in names))
        return cursor.fetchall()


def rewind(stood: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        for name, value, called in stood:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value, called])
