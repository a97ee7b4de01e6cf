"""Who may rule on an objection: never whoever recorded or confirmed, who objected, or whose household or kin it is about."""

from collections.abc import Iterable

from households.codes import township_of
from households.kin.reads import is_kin
from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from scoring.models import Objection, ScoreEvent
from scoring.objection_states import PANEL, ObjectionState
from scoring.readers import Reader
from scoring.schemes.redlines import PETITION


def is_secret(event: ScoreEvent | None) -> bool:
    """Whether the record is one of 零非访: village and township may not read it, so the county office hears it."""
    return event is not None and event.clause.indicator.code == PETITION


def why_left_out(user: User, *, code: str, event: ScoreEvent | None, objector: int | None) -> str:
    """Why somebody of the right post may not rule all the same; empty for who may."""
    if event is not None and event.recorded_by_id == user.pk:
        return "这一条是您登记的，要由别人裁定。"
    if event is not None and event.confirmed_by_id == user.pk:
        return "这一条是您确认的，要由别人裁定。"
    if objector == user.pk:
        return "这一件是您自己提的，要由别人裁定。"
    return "您申报过这是本户或亲属户，要由别人裁定。" if is_kin(user, code) else ""


def someone_free(
    roles: Iterable[str], place: str, *, code: str, event: ScoreEvent | None, objector: int | None
) -> bool:
    """Whether anybody who works at `place` in one of the posts may rule."""
    people = User.objects.filter(is_active=True, role__in=list(roles), division=place)
    return any(not why_left_out(one, code=code, event=event, objector=objector) for one in people)


def first_state(village: str, *, code: str, event: ScoreEvent | None, objector: int | None) -> ObjectionState:
    """Where an objection in time begins: with the village's panel, or above it when nobody of it is free."""
    free = not is_secret(event) and someone_free(PANEL, village, code=code, event=event, objector=objector)
    return ObjectionState.FIRST if free else ObjectionState.SECOND


def objector_of(objection: Objection) -> int | None:
    """The member of staff who objects; not the cadre who keys in a household's paper."""
    return objection.filed_by_id if objection.way not in ("plate", "paper") else None


def why_not_hear(user: User, objection: Objection) -> str:
    """Why the person may not rule on it in the state that it is in; empty for who may."""
    event, objector = objection.event, objector_of(objection)
    if not may(user, Permission.HEAR_OBJECTION, at=objection.code):
        return "您的岗位不裁定这一件。"
    above = objection.state == ObjectionState.SECOND
    if user.role == Role.COUNTY_OFFICE and (not above or _township_hears(objection)):
        return "这一件由村里评议、乡镇复核。"
    if user.role != Role.COUNTY_OFFICE and is_secret(event):
        return "这一件由县六零办复核。"
    if (user.role == Role.TOWNSHIP) != above and user.role != Role.COUNTY_OFFICE:
        return "这一件现在由乡镇复核。" if above else "这一件先由村里评议。"
    return why_left_out(user, code=objection.code, event=event, objector=objector)


def _township_hears(objection: Objection) -> bool:
    if is_secret(objection.event):
        return False
    place, objector = township_of(objection.village_id), objector_of(objection)
    return someone_free([Role.TOWNSHIP], place, code=objection.code, event=objection.event, objector=objector)


def sees(user: User, objection: Objection) -> bool:
    """Whether it exists for the person: inside their place, and no record that they may not read."""
    return user.scope.covers(objection.code) and (not is_secret(objection.event) or Reader(user).reads_petition_entries)
