"""One step of a petition as it is asked for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from households.models import User
from petitions.states import PetitionAction


@dataclass
class Step:
    """One step as it is being made. An action's own part may add to `data` and `changes` (columns of the petition)."""

    action: PetitionAction
    by: User | None
    role: str
    told: str = ""
    note: str = ""
    at: datetime = field(default_factory=timezone.now)
    data: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    unit: str = ""  # the lead that an assignment names
