"""What rewards tells posts that happened: awards given, suspended, payable again, decided on; runs ended; a year's performance."""

from collections.abc import Callable

from django.urls import reverse

from households.inbox.kinds import About, MessageKind
from rewards.models import AwardKind, Choice, RunState

_AWARD = {  # told of one award: its kind, and the number of its letter
    "award.given": "{0}发给您这里了，通知书是 {1}。",
    "award.suspended": "您这里的{0}（{1}）依据的月份重算过，暂停使用，等县六零办复核。",
    "award.payable": "您这里的{0}（{1}）恢复使用了。",
}


def _run(about: About) -> str:
    return f"您这里测算的{AwardKind(about[1]).label}{RunState(about[2]).label}。"


def _decided(about: About) -> str:
    return f"您这里的{AwardKind(about[0]).label}（{about[1]}）复核有了决定：{Choice(about[2]).label}。"


def _awards(_about: About) -> str:
    return reverse("awards")


def _of_award(words: str) -> Callable[[About], str]:
    return lambda about: words.format(AwardKind(about[0]).label, about[1])


KINDS = (
    *(MessageKind(name, _of_award(words), _awards) for name, words in _AWARD.items()),
    MessageKind("award.decided", _decided, _awards),
    MessageKind("award.run", _run, lambda about: reverse("award-run", args=[about[0]])),
    MessageKind(
        "performance.issued",
        lambda about: f"{about[1]}年的绩效定了。",
        lambda about: reverse("performance-statement", args=[about[0], about[1]]),
    ),
)
