"""The models of petitions, by noun."""

from petitions.models.assignments import Assignment
from petitions.models.attachments import Attachment, FileKind
from petitions.models.cases import Case
from petitions.models.events import Path, PetitionEvent
from petitions.models.petitions import (
    Accused,
    Channel,
    Content,
    Demand,
    Kind,
    NumberSeries,
    Petition,
    Tie,
    Way,
)
from petitions.models.ratings import Rating, Score, Subject, Via

__all__ = [
    "Accused",
    "Assignment",
    "Attachment",
    "Case",
    "Channel",
    "Content",
    "Demand",
    "FileKind",
    "Kind",
    "NumberSeries",
    "Path",
    "Petition",
    "PetitionEvent",
    "Rating",
    "Score",
    "Subject",
    "Tie",
    "Via",
    "Way",
]
