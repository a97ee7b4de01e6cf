"""What this subject brings to the house."""

from django.urls import reverse

from households.changes import checks, importing, waiting
from households.house import checks as house_checks
from households.house import waiting as house_waiting
from households.imports import kinds
from households.inbox import kinds as inbox_kinds
from households.inbox.kinds import About, MessageKind
from households.models import ProposalState


def _decided(about: About) -> str:
    return f"您这里提出的户籍变更：{ProposalState(about[1]).label}。"


MESSAGES = MessageKind("proposal.decided", _decided, lambda about: reverse("household-proposal", args=[about[0]]))


def speak() -> None:
    """Its file, its line of `verify`, and what of it waits for whom."""
    kinds.register(importing.KIND)
    house_checks.register(checks.checked)
    inbox_kinds.register(MESSAGES)
    house_waiting.register(waiting.waiting)
