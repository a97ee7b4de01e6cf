"""The lights of a month: one statement for all villages of a place, however many months and households there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from households.codes import code_range, sql_within
from households.months import Month, last_day
from households.sql import dicts
from scoring.cockpit.rules import Light, LightDays, LightFacts, MonthLamp, in_order, light
from scoring.cockpit.waits import objected
from scoring.months.months import calendar_of, longer
from scoring.objection_states import HeldObjection
from scoring.reviews.queue import cadres_of
from scoring.rollup.statements import living_on
from scoring.states import SheetState

_LIGHTS = f"""
    SELECT v.code, v.name, t.code AS above, t.name AS above_name, s.state, coalesce(s.version, 0) > 0 AS touched,
           (d.signed_at AT TIME ZONE %(zone)s)::date AS signed_on, (r.at AT TIME ZONE %(zone)s)::date AS decided_on,
           (s.posted_at AT TIME ZONE %(zone)s)::date AS posted_on, (s.frozen_at AT TIME ZONE %(zone)s)::date AS frozen_on,
           coalesce(s.forced, false) AS forced, (m.at AT TIME ZONE %(zone)s)::date AS reminded, x.until
    FROM households_division v
    JOIN households_division t ON t.code = v.parent_id
    LEFT JOIN scoring_sheet s ON s.village_id = v.code AND s.period_id = %(month)s
    LEFT JOIN LATERAL (SELECT signed_at FROM scoring_declaration WHERE sheet_id = s.id AND withdrawn_at IS NULL) d ON true
    LEFT JOIN LATERAL (SELECT at FROM scoring_review WHERE sheet_id = s.id ORDER BY id DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (SELECT at FROM scoring_monthreminder WHERE village_id = v.code AND period_id = %(month)s
                       AND state = coalesce(s.state, 'open') ORDER BY id DESC LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT until FROM scoring_monthextension WHERE village_id = v.code AND period_id = %(month)s
                       ORDER BY id DESC LIMIT 1) x ON true
    WHERE length(v.code) = 12 AND v.code >= %(low)s AND v.code < %(high)s
      AND (s.id IS NOT NULL OR EXISTS (
          SELECT FROM households_household h WHERE {sql_within("h.code", "v.code")} AND {living_on("h")}))
    ORDER BY v.code
"""


@dataclass(slots=True)
class TownshipLights:
    """One township's villages, who is late first."""

    code: str
    name: str
    lights: list[Light] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(one.late > 0 for one in self.lights)

    @property
    def counts(self) -> list[tuple[MonthLamp, int]]:
        """How many villages show each light that is lit."""
        lamps = [one.lamp for one in self.lights]
        return [(lamp, lamps.count(lamp)) for lamp in MonthLamp if lamp in lamps]


@dataclass(frozen=True, slots=True)
class Cockpit:
    """A month of a place."""

    month: Month
    townships: list[TownshipLights]

    @property
    def lights(self) -> list[Light]:
        return [one for township in self.townships for one in township.lights]

    @property
    def counts(self) -> list[tuple[MonthLamp, int]]:
        """How many villages show each light, also those that none shows."""
        lamps = [one.lamp for one in self.lights]
        return [(lamp, lamps.count(lamp)) for lamp in MonthLamp]

    @property
    def late(self) -> list[Light]:
        """Who is late, the latest first."""
        return in_order([one for one in self.lights if one.late])


def cockpit(month: Month, place: str, today: date, *, extends: bool) -> Cockpit:
    """The lights of a county or a township. Two queries, and one of whoever keeps objections."""
    waiting = objected(month, place)
    about = {"month": month, "last_day": last_day(month), "zone": settings.TIME_ZONE, **code_range(place)._asdict()}
    days = _days(month, place)
    townships: dict[str, TownshipLights] = {}
    for row in dicts(_LIGHTS, about):
        township = townships.setdefault(row["above"], TownshipLights(row["above"], row["above_name"]))
        facts = _facts(row, waiting.get(row["code"]))
        township.lights.append(light(row["code"], row["name"], facts, days(facts.until), today, extends=extends))
    for township in townships.values():
        township.lights = in_order(township.lights)
    return Cockpit(month, sorted(townships.values(), key=lambda one: (-one.late, one.code)))


def _days(month: Month, place: str) -> Callable[[date | None], LightDays]:
    """The month's days for a village that was given until that day; most were given no longer."""
    calendar = calendar_of(month, place)
    return cache(lambda until: LightDays.of(longer(calendar, until)))


def _facts(row: dict[str, Any], waiting: HeldObjection | None) -> LightFacts:
    state = SheetState(row["state"]) if row["state"] else None
    days = {name: row[name] for name in ("signed_on", "decided_on", "posted_on", "frozen_on", "reminded", "until")}
    return LightFacts(state=state, touched=row["touched"], forced=row["forced"], objected=waiting, **days)


def name_cadres(lights: Iterable[Light]) -> None:
    """Whom to call in villages that are late: the cadres, by name and telephone. One query when there are any."""
    late = {one.code: one for one in lights if one.lamp in (MonthLamp.UNOPENED, MonthLamp.FILLING)}
    for village, called in cadres_of(late).items():
        late[village].cadres = called
