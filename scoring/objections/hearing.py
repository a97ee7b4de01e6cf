"""Who may rule on an objection: never whoever recorded or confirmed, objected or keyed it in, or whose household or kin it is about."""

from collections.abc import Collection, Iterable

from households.codes import Level
from households.kin.reads import REACHED, STANDING, is_kin
from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from households.sql import column
from scoring.models import Objection, ScoreEvent
from scoring.objection_states import PANEL, ObjectionAction, ObjectionState
from scoring.readers import Reader
from scoring.schemes.redlines import PETITION

BROUGHT = (str(ObjectionAction.FILE), str(ObjectionAction.APPEAL))  # whose hands the objection came by
# Nobody of the township of an objection `o` may hear it; `e` is the record that it is about, all null without one.
NOBODY_IN_TOWNSHIP = f"""NOT EXISTS (
    SELECT FROM households_user u
    WHERE u.is_active AND u.role = '{Role.TOWNSHIP}' AND u.division_id = left(o.village_id, {Level.TOWNSHIP.code_length})
      AND u.id IS DISTINCT FROM e.recorded_by_id AND u.id IS DISTINCT FROM e.confirmed_by_id
      AND NOT EXISTS (SELECT FROM scoring_objectionstep b
                      WHERE b.objection_id = o.id AND b.by_id = u.id AND b.action IN {BROUGHT})
      AND NOT EXISTS (
          WITH RECURSIVE {REACHED.format(ties=f"{STANDING} AND user_id = u.id")}
          SELECT FROM reached WHERE reached.code = o.code))"""
# Those above the village that the county office hears: of 零非访, and where the township has nobody.
OF_COUNTY = f"""
    SELECT o.id FROM scoring_objection o
    LEFT JOIN scoring_scoreevent e ON e.id = o.event_id
    LEFT JOIN scoring_clause c ON c.id = e.clause_id
    LEFT JOIN scoring_indicator i ON i.id = c.indicator_id
    WHERE o.state = '{ObjectionState.SECOND}' AND (i.code = '{PETITION}' OR {NOBODY_IN_TOWNSHIP})
"""


def is_secret(event: ScoreEvent | None) -> bool:
    """Whether the record is one of 零非访: village and township may not read it, so the county office hears it."""
    return event is not None and event.clause.indicator.code == PETITION


def why_left_out(user: User, *, code: str, event: ScoreEvent | None, brought: Collection[int]) -> str:
    """Why somebody of the right post may not rule all the same; empty for who may. `brought` by whom it came, by their ids."""
    if event is not None and event.recorded_by_id == user.pk:
        return "这一条是您登记的，要由别人裁定。"
    if event is not None and event.confirmed_by_id == user.pk:
        return "这一条是您确认的，要由别人裁定。"
    if user.pk in brought:
        return "这一件是您提出或者录入的，要由别人裁定。"
    return "您申报过这是本户或亲属户，要由别人裁定。" if is_kin(user, code) else ""


def someone_free(
    roles: Iterable[str], place: str, *, code: str, event: ScoreEvent | None, brought: Collection[int]
) -> bool:
    """Whether anybody who works at `place` in one of the posts may rule."""
    people = User.objects.filter(is_active=True, role__in=list(roles), division=place)
    return any(not why_left_out(one, code=code, event=event, brought=brought) for one in people)


def first_state(village: str, *, code: str, event: ScoreEvent | None, brought: Collection[int]) -> ObjectionState:
    """Where an objection in time begins: with the village's panel, or above it when nobody of it is free."""
    free = not is_secret(event) and someone_free(PANEL, village, code=code, event=event, brought=brought)
    return ObjectionState.FIRST if free else ObjectionState.SECOND


def objector_of(objection: Objection) -> int | None:
    """The member of staff who objects; not who keys in a household's paper."""
    return objection.filed_by_id if objection.way not in ("plate", "paper") else None


def brought_by(objection: Objection) -> frozenset[int]:
    """The members of staff by whom it came and was taken further, also for a household on paper."""
    return frozenset(step.by_id for step in objection.steps.all() if step.action in BROUGHT and step.by_id)


def heard_by_county(objections: Iterable[Objection]) -> frozenset[int]:
    """Which of them wait for the county office now, by their numbers. One query when any stands above the village."""
    above = [one.pk for one in objections if one.state == ObjectionState.SECOND]
    return frozenset(column(f"{OF_COUNTY} AND o.id = ANY (%(above)s)", {"above": above})) if above else frozenset()


def why_not_hear(user: User, objection: Objection, of_county: frozenset[int] | None = None) -> str:
    """Why the person may not rule on it in the state that it is in; empty for who may. `of_county` where it was asked already."""
    event = objection.event
    if not may(user, Permission.HEAR_OBJECTION, at=objection.code):
        return "您的岗位不裁定这一件。"
    above = objection.state == ObjectionState.SECOND
    by_county = objection.pk in (heard_by_county([objection]) if of_county is None else of_county)
    if user.role == Role.COUNTY_OFFICE and not by_county:
        return "这一件由村里评议、乡镇复核。"
    if (is_secret(event) and user.role != Role.COUNTY_OFFICE) or (by_county and user.role in PANEL):
        return "这一件由县六零办复核。"
    if (user.role == Role.TOWNSHIP) != above and user.role != Role.COUNTY_OFFICE:
        return "这一件现在由乡镇复核。" if above else "这一件先由村里评议。"
    return why_left_out(user, code=objection.code, event=event, brought=brought_by(objection))


def sees(user: User, objection: Objection) -> bool:
    """Whether it exists for the person: inside their place, and no record that they may not read."""
    return user.scope.covers(objection.code) and (not is_secret(objection.event) or Reader(user).reads_petition_entries)
