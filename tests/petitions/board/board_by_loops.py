"""The county board worked out a second time, in plain loops over the histories, for tests to hold the sums against."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from petitions.board.figures import Figures
from petitions.board.periods import BoardPeriod
from petitions.clocks.deadlines import histories, limits
from petitions.models import Petition, Rating
from petitions.tallies.accounts import answers_of, outcome, runs_of

Which = Callable[[Petition, str], bool]
NAMES = {"reopened": "reopened", "confirmed": "confirmed", "reviewed": "reviewed", "closed": "lapsed"}


def by_loops(period: BoardPeriod, only: Which = lambda _petition, _lead: True) -> Figures:
    """The figures of what `only` lets through: it is asked with a petition and the unit that led."""
    found, today = Figures(), timezone.localdate()
    petitions = list(Petition.objects.all())
    read = histories([petition.pk for petition in petitions])
    for petition in petitions:
        lines = read[petition.pk]
        if timezone.localdate(petition.filed_at) in period and only(petition, ""):
            found.taken += 1
        for run in runs_of(lines, limits()):
            decided = run.outcome_on  # None while it rests
            if decided and decided in period and decided <= today and only(petition, run.lead):
                _add_run(found, run)
        for answer in answers_of(lines):
            if only(petition, answer.lead):
                _add_answer(found, petition, answer, period, today)
        for line in lines:
            if line.day in period and only(petition, _led(lines, line)):
                found.extended += line.kind == "extend"
                found.upheld += line.data.get("outcome") == "upheld"
                found.changed += line.data.get("outcome") == "changed"
    return found


def _led(lines, until) -> str:
    led = [one.data.get("lead", "") for one in lines if one.kind == "assign" and one.seq <= until.seq]
    return led[-1] if led else ""


def _add_run(found: Figures, run) -> None:
    if run.key == "accept":
        found.accept_due += 1
        found.accept_kept += run.on_time
    elif run.key == "handle":
        found.due += 1
        found.kept += run.on_time
        found.answered += run.ended_by == "answer"
    elif run.key == "reply":
        found.net_due += 1
        found.net_kept += run.on_time


def _add_answer(found: Figures, petition: Petition, answer, period: BoardPeriod, today: date) -> None:
    if answer.answered_on not in period:
        return
    found.answers += 1
    found.closed += answer.closed_on is not None and answer.reopened_on is None
    became = outcome(answer, today)
    if became in NAMES:
        found.add({NAMES[became]: 1})
    for rating in Rating.objects.filter(petition=petition, round=answer.round):
        found.add({f"{rating.subject}_{rating.score}": 1})
