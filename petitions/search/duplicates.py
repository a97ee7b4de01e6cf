"""What may be the same matter as a petition, filed by whichever channel: shown to staff before they file another one.

Among those that the person may read, of the last three years, not withdrawn and not merged: what the same people filed
(telephone number, household, enterprise), and what says much the same about the same township, found by the words of the
index. Each says why it is here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from households.codes import township_of
from households.models import User
from households.roles import Role
from households.scope import lies_in
from petitions.models import Petition
from petitions.models.petitions import PetitionQuerySet
from petitions.search import kinds
from petitions.search.alike import SIMILAR, alike
from petitions.search.index import Part, Text, digests, digests_of
from petitions.search.kinds import Earlier
from petitions.search.words import Mode, folded, grams
from petitions.states import PetitionState

LOOK_BACK = timedelta(days=3 * 365)
MAX_COUNTED, MAX_COMPARED, MAX_SHOWN = 800, 40, 6  # looked up in the index, texts opened, petitions shown
SAME_PLACE = 0.1  # counts for as much as a tenth of the words
_OVER = (PetitionState.WITHDRAWN, PetitionState.MERGED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a petition, filed or not yet. `key` is its filer's (`following.filer_key`)."""

    title: str
    text: str
    place: str
    filed_at: datetime
    key: str = ""
    enterprise: str = ""
    household: str = ""

    @classmethod
    def of(cls, petition: Petition) -> "Draft":
        """A petition that was filed."""
        return cls(
            title=petition.title,
            text=petition.text,
            place=petition.place_id,
            filed_at=petition.filed_at,
            key=petition.filer_key,
            enterprise=petition.enterprise,
            household=petition.household_id or "",
        )

    @property
    def is_known(self) -> bool:
        """Whether anything says who files."""
        return bool(self.key or self.enterprise or self.household)

    def filer(self, user: User) -> Q:
        """Filed by the same people, as far as this person may know. Enterprises stand in the open; who else filed is
        masked, and typing telephone numbers must not unmask anybody: except for the petition office, which could do so
        anyway, only what they filed themselves is compared.
        """
        person = Q(pk__in=[])
        for name, value in (("filer_key", self.key), ("household", self.household)):
            person |= Q(**{name: value}) if value else Q(pk__in=[])
        if user.role != Role.PETITION_OFFICE:
            person &= Q(filed_by=user)
        return person | _of_enterprise(self.enterprise) if self.enterprise else person


def _of_enterprise(name: str) -> Q:
    """What an enterprise of this name filed, by the index: names lie sealed."""
    wanted = digests_of([Text(Part.NAME, name)])
    return Q(pk__in=RawSQL("SELECT petitions_with(%s::bigint[])", [wanted]))


@dataclass(frozen=True, slots=True)
class Likely:
    """A petition that may be about the same matter, and why: whose it is, where, how much it says the same (0 to 1)."""

    petition: Petition
    same_filer: bool
    same_place: bool
    alike: float

    @property
    def share(self) -> int:
        """How much alike, in per cent."""
        return round(self.alike * 100)

    @property
    def weight(self) -> float:
        return self.alike + self.same_filer + SAME_PLACE * self.same_place

    @property
    def is_one_matter(self) -> bool:
        """Whether the same people say much the same."""
        return self.same_filer and self.alike >= SIMILAR


def likely(wanted: Draft, user: User) -> list[Likely]:
    """The most likely first, at most MAX_SHOWN. Of the same people also what says something else: it may be meant."""
    readable = Petition.objects.visible_to(user).filter(erased_at=None, filed_at__gte=wanted.filed_at - LOOK_BACK)
    readable = readable.exclude(state__in=_OVER)
    own = list(readable.filter(wanted.filer(user)).select_related("place").order_by("-filed_at")[:MAX_COMPARED])
    near = readable.filter(lies_in(township_of(wanted.place), "place"))
    others = near.exclude(pk__in=[one.pk for one in own]).order_by("-pk")[:MAX_COUNTED]
    alike_ones = _sounding_alike(Petition.objects.filter(pk__in=others.values("pk")), wanted)
    found = [_compared(one, wanted, same_filer=True) for one in own]
    found += [one for one in _all_compared(alike_ones, wanted) if one.alike >= SIMILAR]
    return sorted(found, key=lambda one: (-one.weight, -one.petition.pk))[:MAX_SHOWN]


def _sounding_alike(petitions: PetitionQuerySet, wanted: Draft) -> PetitionQuerySet:
    """Those that share the most pairs of signs with it, by the index alone."""
    clear, told = (_pairs(part, text) for part, text in ((Part.CLEAR, wanted.title), (Part.TOLD, wanted.text)))
    shared = RawSQL(
        "(SELECT cardinality(ARRAY(SELECT unnest(w.words) INTERSECT SELECT unnest(%s::bigint[]))) "
        "FROM petitions_petitionwords w WHERE w.petition_id = petitions_petition.id)",
        [sorted({*clear, *told})],
    )
    least = SIMILAR / 2 * min(len(clear) or 1, len(told) or 1)
    counted = petitions.annotate(shared=shared).filter(shared__gte=max(2, least))
    return counted.select_related("place").order_by("-shared", "-pk")[:MAX_COMPARED]


def _pairs(part: Part, text: str) -> list[int]:
    own = {gram for gram in grams(folded(text)) if gram.startswith(Mode.SIGN.value)}
    return digests(part, own)


def _all_compared(petitions: Iterable[Petition], wanted: Draft) -> list[Likely]:
    return [_compared(one, wanted, same_filer=False) for one in petitions]


def _compared(petition: Petition, wanted: Draft, *, same_filer: bool) -> Likely:
    share = max(alike(wanted.title, petition.title), alike(wanted.text, petition.text))
    return Likely(petition, same_filer, petition.place_id == wanted.place, share)


def kind_for(wanted: Draft, user: User, case: int | None = None, own: int | None = None) -> str:
    """Which kind it seems to be (`kinds`): the same people, and the same matter by its case or its words.

    `case` is the life story that it belongs to or is to join, `own` its own key when it was filed. Of somebody who left
    no trace only the case can tell. One statement.
    """
    before = Petition.objects.visible_to(user).filter(erased_at=None, filed_at__lte=wanted.filed_at)
    before = before.exclude(pk=own) if own else before
    same_people = wanted.filer(user) if wanted.is_known else Q(case=case)
    found = before.filter(same_people, filed_at__gte=wanted.filed_at - LOOK_BACK).order_by("-filed_at")[:MAX_COMPARED]
    same = [one for one in found if one.case_id == case or _compared(one, wanted, same_filer=True).is_one_matter]
    days = [Earlier(timezone.localdate(one.filed_at), one.status) for one in same]
    return kinds.suggested(timezone.localdate(wanted.filed_at), days)


def kind_of(petition: Petition, user: User) -> str:
    """The kind that a filed petition seems to have."""
    return kind_for(Draft.of(petition), user, case=petition.case_id, own=petition.pk)
