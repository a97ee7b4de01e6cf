"""What the freezing of villages waits for: their open objections, who has each in hand, until when, and reminding of it."""

from django.conf import settings
from django.utils import timezone

from households.codes import Level, code_range, county_of, township_of
from households.inbox.actions import Post, tell
from households.months import Month
from households.roles import Role
from households.sql import dicts
from scoring.models.objections import number_of
from scoring.objection_states import PANEL, HeldObjection, ObjectionHolder, ObjectionState
from scoring.objections.hearing import OF_COUNTY

REMINDER = "objection.remind"
_HELD = f"""
    SELECT o.village_id, o.id AS pk, (o.filed_at AT TIME ZONE %(zone)s)::date AS since, o.due_on, h.holder,
           (m.at AT TIME ZONE %(zone)s)::date AS reminded
    FROM scoring_objection o
    CROSS JOIN LATERAL (SELECT CASE
        WHEN o.state = '{ObjectionState.FIRST}' THEN '{ObjectionHolder.VILLAGE}'
        WHEN o.state = '{ObjectionState.ANSWERED}' THEN '{ObjectionHolder.OBJECTOR}'
        WHEN o.id IN ({OF_COUNTY}) THEN '{ObjectionHolder.COUNTY}'
        ELSE '{ObjectionHolder.TOWNSHIP}' END AS holder) h
    CROSS JOIN LATERAL (SELECT CASE h.holder
        WHEN '{ObjectionHolder.VILLAGE}' THEN '{PANEL[0]}' WHEN '{ObjectionHolder.COUNTY}' THEN '{Role.COUNTY_OFFICE}'
        WHEN '{ObjectionHolder.TOWNSHIP}' THEN '{Role.TOWNSHIP}' END AS role, left(o.village_id, CASE h.holder
        WHEN '{ObjectionHolder.VILLAGE}' THEN {Level.VILLAGE.code_length}
        WHEN '{ObjectionHolder.COUNTY}' THEN {Level.COUNTY.code_length}
        ELSE {Level.TOWNSHIP.code_length} END) AS place) post
    LEFT JOIN LATERAL (
        SELECT p.at FROM households_postmessage p
        WHERE p.role = post.role AND p.place = post.place AND p.kind = '{REMINDER}' AND p.about ->> 0 = o.id::text
        ORDER BY p.id DESC LIMIT 1) m ON true
    WHERE o.period_id = %(month)s AND o.blocks AND o.due_on IS NOT NULL
      AND o.village_id >= %(low)s AND o.village_id < %(high)s
    ORDER BY h.holder = '{ObjectionHolder.OBJECTOR}' DESC, o.due_on DESC, o.id DESC
"""


def most_urgent(month: Month, place: str) -> dict[str, HeldObjection]:
    """Of each village of a place whose freezing waits for objections, the one that is due first. One query."""
    about = {"month": month, "zone": settings.TIME_ZONE, **code_range(place)._asdict()}
    return {
        row.pop("village_id"): HeldObjection(**row | {"holder": ObjectionHolder(row["holder"])})
        for row in dicts(_HELD, about)
    }


def remind_of(held: HeldObjection, month: Month, village: str) -> None:
    """Leave a message with whoever has it in hand, once a day. In the caller's transaction."""
    to: dict[ObjectionHolder, list[Post]] = {
        ObjectionHolder.VILLAGE: [(role, village) for role in PANEL],
        ObjectionHolder.TOWNSHIP: [(Role.TOWNSHIP, township_of(village))],
        ObjectionHolder.COUNTY: [(Role.COUNTY_OFFICE, county_of(village))],
    }
    about = [held.pk, number_of(month, held.pk)]
    tell(REMINDER, key=f"{held.pk}:{timezone.localdate():%Y%m%d}", to=to[held.holder], about=about)
