"""One step of a petition as it is asked for, and the words that go with it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from households.models import User
from petitions.states import PetitionAction


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a step: `told` for the filer to read, `note` for those at work on it."""

    told: str = ""
    note: str = ""

    def stripped(self) -> "Words":
        """The same without space around it."""
        return Words(self.told.strip(), self.note.strip())


NO_WORDS = Words()


@dataclass
class Step:
    """One step as it is being made. An action's own part may add to `data` and `changes` (columns of the petition)."""

    action: PetitionAction
    by: User | None
    role: str
    words: Words = NO_WORDS
    at: datetime = field(default_factory=timezone.now)
    data: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    unit: str = ""  # the lead that an assignment names
