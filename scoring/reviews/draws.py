"""The draw of a declaration: what it hangs on and which households it gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from households.codes import county_of
from households.months import Month
from scoring.models import DailyRoot, Declaration
from scoring.reviews.rules import NO_ROOT, digest, drawn, moment, seed_text


@dataclass(frozen=True, slots=True)
class Draw:
    """`root` was published on `day` (None: nothing had been published); `households` are those drawn, in their order.

    It hangs on the signature `by`: the declaration's own, or the first one where that was taken back and signed again.
    """

    declaration: Declaration
    by: Declaration
    month: Month
    village: str
    root: str
    day: date | None
    households: list[str]

    @property
    def is_again(self) -> bool:
        """Whether it was taken back and signed again."""
        return self.by != self.declaration

    @property
    def seed_text(self) -> str:
        """What the seed is the digest of."""
        return seed_text(self.root, self.month, self.village, self.by.pk, self.by.signed_at)

    @property
    def seed(self) -> str:
        return digest(self.seed_text)

    @property
    def signed(self) -> str:
        """The moment of the signature as it stands in the seed."""
        return moment(self.by.signed_at)


def draw_of(declaration: Declaration) -> Draw:
    """The draw of one declaration, whose `sheet` is at hand. One query, another where it was signed again."""
    [found] = draws_of([declaration])
    return found


def draws_of(declarations: Iterable[Declaration]) -> list[Draw]:
    """The draws of declarations of one county, whose sheets are at hand. One query, another where some were signed again.

    A root counts that was published before the signature, of a day before it: lists that were made up for later change no draw.
    """
    listed = list(declarations)
    roots = _roots({county_of(one.sheet.village_id) for one in listed}) if listed else []
    again = Declaration.objects.in_bulk({one.drawn_by_id for one in listed if one.drawn_by_id})
    return [_draw(one, again.get(one.drawn_by_id, one), roots) for one in listed]


def _roots(counties: set[str]) -> list[DailyRoot]:
    return list(DailyRoot.objects.filter(county__in=counties).only("county", "day", "root", "at").order_by("-day"))


def _draw(one: Declaration, by: Declaration, roots: Iterable[DailyRoot]) -> Draw:
    county, signed_on = county_of(one.sheet.village_id), timezone.localdate(by.signed_at)
    known = (root for root in roots if root.county == county and root.day < signed_on and root.at < by.signed_at)
    last = next(known, None)
    root, day = (last.root, last.day) if last else (NO_ROOT, None)
    month, village = one.sheet.period_id, one.sheet.village_id
    seed = digest(seed_text(root, month, village, by.pk, by.signed_at))
    return Draw(one, by, month, village, root, day, drawn(seed, one.households))
