"""What must hold of petitions, recomputed and compared: one check a line, each naming the petitions that break it.

It repairs nothing. `manage.py verify` asks these after those of the scores, which know nothing of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter, or_

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from households.house.checks import Checked
from households.models import User
from households.months import Month
from households.paging import in_batches
from households.roles import Role
from households.scope import lies_in
from households.sql import one_moment
from petitions.clocks.deadlines import ClockDrift, drifts
from petitions.erasing.actions import DELETED, EMPTIED, rows_of
from petitions.models import Accused, Petition, PetitionEvent
from petitions.receptions.checks import faults
from petitions.sealed import SealedTextField, UnreadableText
from petitions.search.indexing import wrong_words
from petitions.states import PetitionAction
from petitions.tallies.rows import miscounts

_NAMES = {"state": "状态", "paused": "暂停", "due_on": "到期日"}
_AT_ONCE = 500
_HOLDS = (PetitionAction.HOLD, PetitionAction.RELEASE)


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check, and what breaks it, in words that begin with the petition's number where it is about one."""

    label: str
    wrong: list[str]


def examine() -> Iterator[FailedCheck]:
    """Make every check in turn, all of one moment: what is erased or handled meanwhile is no drift."""
    with one_moment():
        found = [FailedCheck(label, list(check())) for label, check in CHECKS.items()]
    yield from found


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line a check; petitions know no months."""
    for finding in examine():
        said = f"不符 {finding.label}：{finding.wrong[0]}" if finding.wrong else f"正常 {finding.label}"
        yield Checked(said, holds=not finding.wrong)


def _histories() -> Iterator[str]:
    for drift in drifts():
        yield f"{drift.number}：{'；'.join(_differences(drift))}"


def _differences(drift: ClockDrift) -> list[str]:
    names = [name for name in drift.expected if drift.expected[name] != drift.found[name]]
    return [f"{_NAMES[name]}应为 {drift.expected[name]}，实为 {drift.found[name]}" for name in names]


def _tallies() -> Iterator[str]:
    for miscount in miscounts():
        yield f"{miscount.number}：统计用的记录与办理经过不同，请运行 recount_petitions"


def _words() -> Iterator[str]:
    for number in wrong_words():
        yield f"{number}：检索用的词与内容不一致，请运行 index_petitions"


def _holds() -> Iterator[str]:
    """`held` is what the last line about it says."""
    last = PetitionEvent.objects.filter(petition=OuterRef("pk"), kind__in=_HOLDS).order_by("-seq").values("kind")[:1]
    found = Petition.objects.annotate(last=last).filter(Q(held=True) | Q(last__isnull=False))
    for number, held, kind in found.values_list("number", "held", "last"):
        if held != (kind == PetitionAction.HOLD):
            yield f"{number}：暂不清除应为 {kind == PetitionAction.HOLD}，实为 {held}"


def _erased() -> Iterator[str]:
    """An erased petition says so in its history, and nothing of what it held is left."""
    line = PetitionEvent.objects.filter(petition=OuterRef("pk"), kind=PetitionAction.ERASE, data__extent="all")
    gone = Petition.objects.exclude(erased_at=None)
    for number in gone.exclude(Exists(line)).values_list("number", flat=True):
        yield f"{number}：内容清除没有记入办理经过"
    words = [(name, Q(**{f"{column}__isnull": False})) for name, row in EMPTIED.items() for column in row]
    for name, left in [*words, *((name, Q()) for name in DELETED)]:
        for number in rows_of(name, gone).filter(left).values_list("petition__number", flat=True).distinct():
            yield f"{number}：已清除的信访还留有内容（{name}）"


def _receptions() -> Iterator[str]:
    for fault in faults():
        yield f"{fault.subject}：{fault.told}"


def _sealed() -> Iterator[str]:
    """How many rows of a table do not open under the present key. Files are left out: all of them would have to be read."""
    for model in apps.get_app_config("petitions").get_models():
        sealed = [field.name for field in model._meta.fields if isinstance(field, SealedTextField)]
        rows = model._default_manager.values_list("pk", *sealed)
        batches = in_batches(rows, _AT_ONCE, key=itemgetter(0)) if sealed else iter(())
        wrong = [row[0] for batch in batches for row in batch if _is_unreadable(row)]
        if wrong:
            yield f"{model._meta.verbose_name}有 {len(wrong)} 条读不出（第一条是第 {wrong[0]} 条），请核对密钥"


def _is_unreadable(row: tuple[object, ...]) -> bool:
    return any(isinstance(text, UnreadableText) for text in row)


def _unread() -> Iterator[str]:
    """Every matter under way has somebody who may read it and decides about it: the petition office, or who takes its place."""
    staff = User.objects.filter(is_active=True)
    office = list(staff.filter(role=Role.PETITION_OFFICE))
    here = reduce(or_, (lies_in(user.division_id or "-", "place") for user in office), Q(pk__in=[]))
    accused = Q(pk__in=Accused.objects.filter(user__in=office).values("petition"))
    doubtful = Petition.objects.open().filter(Q(against_office=True) | ~here | accused)
    readers = [*office, *staff.filter(role=Role.DEPARTMENT, department=settings.PETITION_OFFICE_BODY)]
    read = {number for user in readers for number in doubtful.visible_to(user).values_list("number", flat=True)}
    for number in doubtful.exclude(number__in=read).order_by("pk").values_list("number", flat=True):
        yield f"{number}：没有人能看到这件信访，请县里新开或启用有权受理的账号"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "信访件的状态、暂停和到期日与办理经过一致": _histories,
    "信访统计记录与办理经过一致": _tallies,
    "检索用的词与内容一致": _words,
    "接访、接访记录和承诺与各自的经过一致": _receptions,
    "暂不清除与办理经过一致": _holds,
    "已清除的信访没有留下内容": _erased,
    "加密的内容都能读出": _sealed,
    "办理中的信访都有人能看到": _unread,
}
