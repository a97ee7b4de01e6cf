"""The staff's list of petitions: what a person may read, filtered, with lamps, and counted by lamp."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q

from households.codes import Level, is_code
from households.models import User
from households.roles import Role
from households.scope import lies_in
from petitions.lamps import Lamp, lamp_condition, lamp_in
from petitions.models import Assignment, Channel, Content, Petition, PetitionKind
from petitions.models.petitions import PetitionQuerySet
from petitions.search.search import Found, search
from petitions.search.words import LONGEST
from petitions.states import PetitionState
from petitions.worklist.turns import turn_of

MINE: dict[str, str] = {"turn": "等我处理", "filed": "我登记的"}


@dataclass(frozen=True, slots=True)
class PetitionFilter:
    """What the reader asked for; an empty part asks for nothing. `unit` is department:LYJ or division:430525100."""

    lamp: str = ""
    mine: str = ""
    state: str = ""
    channel: str = ""
    content: str = ""
    kind: str = ""
    within: str = ""
    unit: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return self == PetitionFilter()


def asked(query: Mapping[str, str]) -> PetitionFilter:
    """The filter of an address; what makes no sense is left out."""
    within = query.get("within", "")
    return PetitionFilter(
        lamp=_one_of(query.get("lamp", ""), Lamp),
        mine=_one_of(query.get("mine", ""), MINE),
        state=_one_of(query.get("state", ""), PetitionState),
        channel=_one_of(query.get("channel", ""), Channel.values),
        content=_one_of(query.get("content", ""), Content.values),
        kind=_one_of(query.get("kind", ""), PetitionKind.values),
        within=within if is_code(within, Level.TOWNSHIP, Level.VILLAGE) else "",
        unit=query.get("unit", "")[:40],
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST],
    )


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text in [str(each) for each in known] else ""


def found(petitions: PetitionQuerySet, wanted: PetitionFilter, user: User, today: date) -> Found:
    """What the filter lets through, its lamp not yet looked at: `lamps` counts these, `under_lamp` is the list."""
    exact = {"state": wanted.state, "channel": wanted.channel, "content": wanted.content, "kind": wanted.kind}
    petitions = petitions.filter(**{name: value for name, value in exact.items() if value})
    if wanted.within:
        petitions = petitions.filter(lies_in(wanted.within, "place"))
    if wanted.unit:
        petitions = petitions.filter(_of_unit(wanted.unit))
    if wanted.mine == "turn":
        petitions = petitions.filter(turn_of(user))
    elif wanted.mine == "filed":
        petitions = petitions.filter(filed_by=user)
    return _with_words(petitions, wanted.words, user)


def _with_words(petitions: PetitionQuerySet, words: str, user: User) -> Found:
    """What a person types to find one; who sees numbers alone cannot probe for words either."""
    if words and user.role == Role.COUNTY_OFFICE:
        return Found(petitions.filter(number__endswith=words))
    return search(petitions, words, user)


def under_lamp(petitions: PetitionQuerySet, lamp: str, today: date) -> PetitionQuerySet:
    """Those that show this lamp; all of them without one."""
    return petitions.filter(lamp_condition(Lamp(lamp), today)) if lamp else petitions


def _of_unit(unit: str) -> Q:
    kind, _, code = unit.partition(":")
    if kind not in ("department", "division"):
        return Q(pk__in=[])
    return Q(Exists(Assignment.objects.filter(petition=OuterRef("pk"), ended_at=None, **{kind: code})))


def lamps(petitions: PetitionQuerySet, today: date) -> dict[Lamp, int]:
    """How many show each lamp, in one statement: counted by what a lamp hangs on, which the index holds."""
    found = dict.fromkeys(Lamp, 0)
    grouped = petitions.order_by().values_list("state", "paused", "due_on").annotate(number=Count("pk"))
    for state, paused, due_on, number in grouped:
        found[lamp_in(PetitionState(state), paused, due_on, today)] += number
    return found


def in_one_look(petitions: PetitionQuerySet, today: date) -> list[tuple[Lamp, int]]:
    """The lamp and key of each, in the order of the list; one statement, for what costs more to find than to carry."""
    grouped = petitions.order_by().values_list("state", "paused", "due_on").annotate(keys=ArrayAgg("pk"))
    rows = [
        (due_on or date.max, -key, lamp_in(PetitionState(state), paused, due_on, today))
        for state, paused, due_on, keys in grouped
        for key in keys
    ]
    return [(lamp, -key) for _, key, lamp in sorted(rows, key=itemgetter(0, 1))]


def listed(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """In the order of the list: the most pressing first."""
    return petitions.order_by("due_on", "-id")


def with_rows(page: Sequence[int], *, texts: bool = False) -> list[Petition]:
    """What the rows of a page show, by keys in the order of the list; with `texts` for snippets.

    Keys first, rows afterwards: the index alone gives the keys of a page far down, without reading every row before it.
    """
    rows = Petition.objects.filter(pk__in=page)
    rows = rows.defer("filer_name", "filer_phone") if texts else rows.without_content()
    return list(listed(rows.select_related("place__parent").with_units_at_work()))
