"""Which published words somebody wrote freely, and what became of requests to withhold them."""

from django.db.models import F, Q, QuerySet

from households.models import User
from scoring.models import EntryKind, Withholding
from scoring.reasons import is_free
from scoring.states import WithholdingState
from scoring.withholdings.actions.texts import PublishedText, entries_of, of_entry, of_ranking, rankings_of

WRITTEN = (EntryKind.RESTATE, EntryKind.ADJUST)  # kinds whose words were once free


def free_texts(reader: User) -> list[PublishedText]:
    """What was written freely and is not asked for yet, within the reader's reach; the newest first. Two queries."""
    asked = Withholding.objects.filter(~Q(state=WithholdingState.REFUSED))
    entries = entries_of(reader).filter(kind__in=WRITTEN).exclude(pk__in=asked.filter(ranking=None).values("entry"))
    rankings = rankings_of(reader).exclude(pk__in=asked.filter(entry=None).values("ranking"))
    found = [of_entry(entry, reader) for entry in entries.order_by("-pk")]
    found += map(of_ranking, rankings.order_by("-pk"))
    return [text for text in found if is_free(text.words)]


def text_behind(asked: Withholding) -> PublishedText:
    """The words that a request is about; once granted, those that stand in their place."""
    if asked.entry:
        return of_entry(asked.entry)
    assert asked.ranking  # a constraint: one of the two
    return of_ranking(asked.ranking)


def requests_of(reader: User) -> QuerySet[Withholding]:
    """Requests within the reader's reach, those that wait first."""
    found = Withholding.objects.filter(reader.scope.condition("place"))
    related = ("entry__account", "ranking", "asked_by", "decided_by")
    return found.select_related(*related).order_by(F("decided_at").desc(nulls_first=True), "-pk")
