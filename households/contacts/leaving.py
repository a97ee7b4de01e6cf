"""What a change of the register does to contacts: they end with the household's time on it, by the database's own trigger."""

from collections.abc import Iterator

from households.changes.rooms import ChangeEffect, ChangeStep
from households.models import Contact, User

AT = 5


def foresee(step: ChangeStep, _by: User | None) -> Iterator[ChangeEffect]:
    """Who looks after the household no longer does."""
    if step.ends and (count := Contact.objects.filter(household=step.household, valid_to=None).count()):
        yield ChangeEffect(f"{count} 位联系人到这天为止；以后由谁联系，请在“联系户”里指定。")


def follow(_step: ChangeStep, _by: User | None) -> None:
    """The trigger has done it."""
