"""Whom to call for a household, which households are somebody's, and where nobody is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet

from households import sql
from households.codes import group_of, sql_within
from households.models import (
    Contact,
    ContactKind,
    ContactPerson,
    ContactVisit,
    Division,
    Household,
    MicroGrid,
    User,
    sql_active,
    sql_living,
)
from households.register.phones import read_kept
from households.roles import Role


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """One contact of a household. A group leader with an account is its grid leader unless another one is named."""

    kind: str
    label: str
    name: str
    phone: str
    since: date | None = None
    grid: str = ""

    @property
    def said(self) -> str:
        """党员联系 王建国 13800001111."""
        return " ".join(filter(None, (f"{self.label}{f'（{self.grid}）' if self.grid else ''}", self.name, self.phone)))


def whom_to_call(households: Iterable[str], on: date) -> dict[str, list[WhomToCall]]:
    """The contacts in force of each household, party members first. Two queries, and one for numbers of leaders."""
    codes = list(households)
    rows = Contact.objects.active(on).filter(household__in=codes).select_related("person", "micro_grid")
    found: dict[str, list[WhomToCall]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (list(ContactKind).index(ContactKind(one.kind)), one.pk)):
        grid = row.micro_grid.name if row.micro_grid else ""
        label = ContactKind(row.kind).label
        told = WhomToCall(row.kind, str(label), row.person.name, row.person.phone, row.valid_from, grid)
        found[row.household_id].append(told)
    leaders = leaders_of({group_of(code) for code in codes})
    for code in codes:
        if all(one.kind != ContactKind.GRID for one in found[code]):
            found[code] += leaders.get(group_of(code), [])
    return dict(found)


def leaders_of(groups: Iterable[str]) -> dict[str, list[WhomToCall]]:
    """By group: its leaders with an account, who lead the grid."""
    found: dict[str, list[WhomToCall]] = defaultdict(list)
    leaders = User.objects.filter(role=Role.GROUP_LEADER, is_active=True, division__in=list(groups))
    for user in leaders.select_related("contact_person").order_by("pk"):
        person = getattr(user, "contact_person", None)
        phone = (person.phone if person else "") or read_kept(user.phone)
        label = str(ContactKind.GRID.label)
        found[str(user.division_id)].append(WhomToCall(ContactKind.GRID, label, user.display_name, phone))
    return dict(found)


def own_households(user: User, on: date) -> "QuerySet[Household]":
    """The households of which the person is a contact, in their scope; a group leader's are the whole group."""
    rows = Contact.objects.active(on).filter(person__user=user)
    own = Q(code__in=rows.values("household"))
    if user.role == Role.GROUP_LEADER:
        own |= user.scope.condition("code")
    inside: QuerySet[Household] = Household.objects.within(user.scope).active(on)
    return inside.filter(own).select_related("group__parent").order_by("code")


def is_contact(user: User, household: Household, on: date) -> bool:
    """Whether the person looks after the household today."""
    return own_households(user, on).filter(code=household.code).exists()


def last_visits(households: Iterable[str]) -> dict[str, date]:
    """When somebody last called on each household."""
    rows = ContactVisit.objects.filter(household__in=list(households), withdrawn_at=None).order_by()
    return dict(rows.values_list("household").annotate(last=Max("day")))


def visits_of(household: Household) -> "QuerySet[ContactVisit]":
    """What its contacts wrote down, newest first: for its contacts alone."""
    return ContactVisit.objects.filter(household=household, withdrawn_at=None).select_related("by")


def people_of(village: Division) -> list[ContactPerson]:
    """Who may be given households of a village: those on its own list and on those above it, by name."""
    own = ContactPerson.objects.filter(place__in=[village.code[:digits] for digits in (6, 9, 12)])
    return sorted(own.select_related("user", "place"), key=lambda person: (str(person.name), person.pk))


def numbers_of(people: Iterable[ContactPerson]) -> dict[int, int]:
    """How many households each person is a contact of."""
    ids = [person.pk for person in people]
    rows = Contact.objects.filter(person__in=ids, valid_to=None).order_by()
    return dict(rows.values_list("person").annotate(Count("household", distinct=True)))


LACKS = {"any": "没有任何联系人", "party": "没有党员联系", "grid": "没有网格长", "micro": "不在微网格"}
# Every household with what it has. A group whose leader has an account has a grid leader.
_HAS = f"""
    SELECT h.code, h.group_id, c.party IS TRUE AS party, c.grid IS TRUE OR l.place IS NOT NULL AS grid, c.micro IS TRUE AS micro
    FROM households_household h
    LEFT JOIN (
        SELECT household_id, bool_or(kind = 'party') AS party, bool_or(kind = 'grid') AS grid, bool_or(kind = 'micro') AS micro
        FROM households_contact
        WHERE {sql_within("household_id", "%(place)s")}
          AND {sql_active("households_contact", "%(on)s")}
        GROUP BY household_id
    ) c ON c.household_id = h.code
    LEFT JOIN (
        SELECT DISTINCT division_id AS place FROM households_user WHERE role = 'leader' AND is_active
    ) l ON l.place = h.group_id
    WHERE {sql_within("h.code", "%(place)s")}
      AND {sql_living("h", "%(on)s")}
"""
_COVERAGE = f"""
    WITH has AS ({_HAS})
    SELECT left(code, %(digits)s), count(*), count(*) FILTER (WHERE NOT party), count(*) FILTER (WHERE NOT grid),
           count(*) FILTER (WHERE NOT micro), count(*) FILTER (WHERE NOT (party OR grid OR micro))
    FROM has GROUP BY 1 ORDER BY 1
"""
_LACKING = {
    "any": "NOT (party OR grid OR micro)",
    "party": "NOT party",
    "grid": "NOT grid",
    "micro": "NOT micro",
}


@dataclass(frozen=True, slots=True)
class ContactCoverage:
    """A place's households, and how many of them have no contact of each kind, and none at all."""

    code: str
    name: str
    households: int
    no_party: int
    no_grid: int
    no_micro: int
    nobody: int


def coverage(place: str, below: Sequence[Division], on: date) -> list[ContactCoverage]:
    """One line for each of `below`, which lie in `place` and are of one level, in their order. One query."""
    if not below:
        return []
    digits = len(below[0].code)
    found = {row[0]: row[1:] for row in sql.rows(_COVERAGE, {"place": place, "on": on, "digits": digits})}
    return [ContactCoverage(each.code, each.name, *found.get(each.code, (0, 0, 0, 0, 0))) for each in below]


def summed(lines: Sequence[ContactCoverage]) -> ContactCoverage:
    """All of them together."""
    figures = zip(
        *((one.households, one.no_party, one.no_grid, one.no_micro, one.nobody) for one in lines), strict=True
    )
    return ContactCoverage("", "", *(map(sum, figures) if lines else (0, 0, 0, 0, 0)))


def lacking(place: str, lacks: str, on: date) -> list[str]:
    """Codes of the households of a place that lack contacts of a kind (`any`: have none at all)."""
    statement = f"WITH has AS ({_HAS}) SELECT code FROM has WHERE {_LACKING[lacks]} ORDER BY code"
    return sql.column(statement, {"place": place, "on": on})


@dataclass(frozen=True, slots=True)
class HeadSpell:
    """Somebody headed a micro-grid from `since` until before `until`. None: not known any more, or still does."""

    person: ContactPerson
    since: date | None
    until: date | None


def heads_of(grids: Iterable[MicroGrid]) -> dict[int, list[HeadSpell]]:
    """By micro-grid: who headed it when, the first one first. One query: its households' contacts of each time name the head."""
    known = {grid.pk: grid for grid in grids}
    rows = Contact.objects.filter(micro_grid__in=known).exclude(valid_to=F("valid_from")).select_related("person")
    begun: dict[int, list[tuple[ContactPerson, date | None]]] = {pk: [] for pk in known}
    for row in rows.order_by("valid_from", "pk"):
        spells = begun[row.micro_grid_id or 0]
        if not spells or spells[-1][0] != row.person:
            spells.append((row.person, row.valid_from))
    return {pk: _spells(known[pk], spells) for pk, spells in begun.items()}


def _spells(grid: MicroGrid, begun: list[tuple[ContactPerson, date | None]]) -> list[HeadSpell]:
    """Each ends where the next one begins. A head of no household at all stands at the end, since when is known of the first alone."""
    if not begun or begun[-1][0] != grid.head:
        begun = [*begun, (grid.head, None if begun else grid.valid_from)]
    ends = [*(since for _, since in begun[1:]), grid.valid_to]
    return [HeadSpell(person, since, until) for (person, since), until in zip(begun, ends, strict=True)]
