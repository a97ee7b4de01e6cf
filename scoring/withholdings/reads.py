"""Which published words somebody wrote freely, and what became of requests to withhold them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.models import User
from households.months import label
from households.permissions import Permission, may
from scoring.models import EntryKind, PointEntry, RankingSnapshot, Withholding
from scoring.models.accounts import OwnerKind
from scoring.reasons import BY_HAND, MONTH_RESTATED, is_free
from scoring.states import WithholdingState

WRITTEN = (EntryKind.RESTATE, EntryKind.ADJUST)  # kinds whose words were once free


@dataclass(frozen=True, slots=True)
class Text:
    """Published words with the row that they stand in. `words` are as they are written, for those who ask and decide."""

    kind: str
    row: PointEntry | RankingSnapshot
    place: str
    title: str
    words: str
    kind_label: str


def free_texts(reader: User) -> list[Text]:
    """What was written freely and is not asked for yet, within the reader's reach; the newest first. Two queries."""
    open_or_done = ~Q(state=WithholdingState.REFUSED)
    asked = Withholding.objects.filter(open_or_done)
    entries = _entries(reader).filter(kind__in=WRITTEN).exclude(pk__in=asked.filter(ranking=None).values("entry"))
    rankings = _rankings(reader).exclude(pk__in=asked.filter(entry=None).values("ranking"))
    found = [_of_entry(entry, reader) for entry in entries.order_by("-pk")]
    found += map(_of_ranking, rankings.order_by("-pk"))
    return [text for text in found if is_free(text.words)]


def text_of(kind: str, row_id: int, reader: User) -> Text | None:
    """The words of an entry or of an archived ranking within the reader's reach."""
    if kind == "entry":
        entry = _entries(reader).filter(pk=row_id).first()
        return _of_entry(entry, reader) if entry else None
    ranking = _rankings(reader).filter(pk=row_id).first() if kind == "ranking" else None
    return _of_ranking(ranking) if ranking else None


def text_behind(asked: Withholding) -> Text:
    """The words that a request is about; once granted, those that stand in their place."""
    return _of_entry(asked.entry) if asked.entry else _of_ranking(asked.ranking)


def requests_of(reader: User) -> QuerySet[Withholding]:
    """Requests within the reader's reach, those that wait first."""
    found = Withholding.objects.filter(reader.scope.condition("place"))
    related = ("entry__account", "ranking", "asked_by", "decided_by")
    return found.select_related(*related).order_by("decided_at", "-pk")


def may_decide(asked: Withholding, reader: User, *, own: bool = False) -> bool:
    """Whether the reader may grant or refuse it; with `own` also when they asked for it themselves."""
    granter = may(reader, Permission.GRANT_RESTATEMENT, at=asked.place)
    return granter and (own or asked.asked_by_id != reader.pk)


def _entries(reader: User) -> QuerySet[PointEntry]:
    departments = Q(account__owner_kind=OwnerKind.DEPARTMENT)
    found = PointEntry.objects.select_related("account")
    if may(reader, Permission.GRANT_RESTATEMENT):
        return found.filter(departments | reader.scope.condition("account__owner"))
    return found.filter(~departments & reader.scope.condition("account__owner"))


def _rankings(reader: User) -> QuerySet[RankingSnapshot]:
    written = RankingSnapshot.objects.filter(reason__contains=MONTH_RESTATED).defer("body")
    return written.filter(reader.scope.condition("within"))


def _of_entry(entry: PointEntry, reader: User | None = None) -> Text:
    """A department lies in no place: its words are the county's of whoever asks."""
    account, kind = entry.account, EntryKind(entry.kind)
    is_department = account.owner_kind == OwnerKind.DEPARTMENT
    place = account.owner if not is_department else (reader.scope.prefixes[0] if reader else "")
    title = f"积分明细：{account.owner}，{entry.at:%Y-%m-%d}，{kind.label}"
    return Text("entry", entry, place, title, entry.text, BY_HAND if kind is EntryKind.ADJUST else kind.label)


def _of_ranking(ranking: RankingSnapshot) -> Text:
    title = f"排名存档：{label(ranking.month)} {ranking.level} 第 {ranking.version} 版"
    return Text("ranking", ranking, ranking.within, title, ranking.reason, f"{ranking.month} {MONTH_RESTATED}")
