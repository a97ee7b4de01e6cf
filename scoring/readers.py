"""Who reads rankings and explanations, and how far down.

Every member of staff sees all villages and townships of the county (a village knows its place among 364), groups only
inside the own subtree. Figures above the own place may be opened, figures beside it may not.
"""

from dataclasses import dataclass
from functools import cached_property

from households.codes import Level, county_of, is_level, reaches, village_of
from households.models import Linkage, User
from households.permissions import Permission, may
from households.roles import Role
from households.scope import Scope

# A 零非访 entry is known to the household, to the office that recorded it and to the county office, and to nobody else
# (features N12; domain 3.5: never shown in public, never carried to neighbours).
_READS_PETITION_ENTRIES = frozenset({Role.PETITION_OFFICE, Role.COUNTY_OFFICE})


_DECIDES = (Permission.REVIEW, Permission.HEAR_OBJECTION, Permission.ASK_RESTATEMENT, Permission.GRANT_RESTATEMENT)


@dataclass(frozen=True)
class Reader:
    """A member of staff as a reader of figures."""

    user: User

    @property
    def scope(self) -> Scope:
        return self.user.scope

    @property
    def may_read(self) -> bool:
        return may(self.user, Permission.SEE_RANKINGS)

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """The county of the person's place; for a department the counties it is or was linked to divisions of."""
        if self.user.division_id:
            return (county_of(self.user.division_id),)
        linked = Linkage.objects.filter(department=self.user.department_id).values_list("division_id", flat=True)
        return tuple(sorted({county_of(code) for code in linked}))

    def own_place(self, level: Level) -> str:
        """Where the reader's ranking of a level is held when nothing else is asked for; empty for counties."""
        if level is Level.COUNTY or not self.counties:
            return ""
        own = self.user.division_id or self.counties[0]
        return village_of(own) if level is Level.GROUP else county_of(own)

    def own_code(self, level: Level) -> str:
        """The reader's own place among those of a level; empty for who has none there."""
        own = self.user.division_id or ""
        return own[: level.code_length] if reaches(own, level) else ""

    def may_compare(self, level: Level, within: str) -> bool:
        """Whether the reader may see divisions of `level` inside `within` beside each other."""
        return self.scope.meets(within) if level is Level.GROUP else county_of(within) in self.counties

    def sees(self, level: Level, code: str) -> bool:
        """Whether a line of a ranking of `level` is shown to the reader."""
        return self.scope.covers(code) if level is Level.GROUP else county_of(code) in self.counties

    def may_open(self, code: str) -> bool:
        """Whether the arithmetic of a figure may be opened: divisions of the own subtree and above, own households."""
        if is_level(code, Level.HOUSEHOLD):
            return self.scope.covers(code)
        return self.scope.meets(code)

    @property
    def reads_petition_entries(self) -> bool:
        return self.user.role in _READS_PETITION_ENTRIES

    def sees_photos(self, code: str, recorded_by: User | None) -> bool:
        """Of an event of a place: who reviews or rules there, and whoever recorded it, of an office with its colleagues."""
        if not self.scope.covers(code):
            return False
        return self._recorded(recorded_by) or any(may(self.user, permission, at=code) for permission in _DECIDES)

    def _recorded(self, recorded_by: User | None) -> bool:
        user = self.user
        if recorded_by is None or recorded_by.pk == user.pk:
            return recorded_by is not None
        same_department = user.department_id is not None and recorded_by.department_id == user.department_id
        return same_department or recorded_by.role == user.role == Role.PETITION_OFFICE
