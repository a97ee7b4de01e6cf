"""Published words that a request may be about, each with the row that it stands in."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.models import User
from households.months import label
from households.permissions import Permission, may
from scoring.models import EntryKind, PointEntry, RankingSnapshot, Withholding
from scoring.models.accounts import OwnerKind
from scoring.reasons import BY_HAND, MONTH_RESTATED


@dataclass(frozen=True, slots=True)
class PublishedText:
    """Published words with the row that they stand in. `words` are as they are written, for those who ask and decide."""

    kind: str
    row: PointEntry | RankingSnapshot
    number: int
    place: str
    title: str
    words: str
    kind_label: str


def text_of(kind: str, number: int, reader: User) -> PublishedText | None:
    """The words of an entry or of an archived ranking within the reader's reach."""
    if kind == "entry":
        entry = entries_of(reader).filter(pk=number).first()
        return of_entry(entry, reader) if entry else None
    ranking = rankings_of(reader).filter(pk=number).first() if kind == "ranking" else None
    return of_ranking(ranking) if ranking else None


def entries_of(reader: User) -> QuerySet[PointEntry]:
    """Entries of the reader's places; of departments too for whoever grants."""
    departments = Q(account__owner_kind=OwnerKind.DEPARTMENT)
    found = PointEntry.objects.select_related("account")
    if may(reader, Permission.GRANT_RESTATEMENT):
        return found.filter(departments | reader.scope.condition("account__owner"))
    return found.filter(~departments & reader.scope.condition("account__owner"))


def rankings_of(reader: User) -> QuerySet[RankingSnapshot]:
    """Archived rankings of the reader's counties that were put right."""
    written = RankingSnapshot.objects.filter(reason__contains=MONTH_RESTATED).defer("body")
    return written.filter(reader.scope.condition("within"))


def of_entry(entry: PointEntry, reader: User | None = None) -> PublishedText:
    """A department lies in no place: its words are the county's of whoever asks."""
    account, kind = entry.account, EntryKind(entry.kind)
    is_department = account.owner_kind == OwnerKind.DEPARTMENT
    place = account.owner if not is_department else (reader.scope.prefixes[0] if reader else "")
    title = f"积分明细：{account.owner}，{entry.at:%Y-%m-%d}，{kind.label}"
    kind_label = BY_HAND if kind is EntryKind.ADJUST else str(kind.label)
    return PublishedText("entry", entry, entry.pk, place, title, entry.text, kind_label)


def of_ranking(ranking: RankingSnapshot) -> PublishedText:
    """Of a county's month."""
    title = f"排名存档：{label(ranking.month)} {ranking.level} 第 {ranking.version} 版"
    kind_label = f"{ranking.month} {MONTH_RESTATED}"
    return PublishedText("ranking", ranking, ranking.pk, ranking.within, title, ranking.reason, kind_label)


def may_decide(asked: Withholding, reader: User, *, own: bool = False) -> bool:
    """Whether the reader may grant or refuse it; with `own` also when they asked for it themselves."""
    granter = may(reader, Permission.GRANT_RESTATEMENT, at=asked.place)
    return granter and (own or asked.asked_by_id != reader.pk)
