"""The models of petitions, by noun."""

from petitions.models.assignments import Assignment
from petitions.models.attachments import Attachment, FileKind
from petitions.models.cases import Case
from petitions.models.events import Path, PetitionEvent, ReviewOutcome
from petitions.models.petitions import (
    Accused,
    Channel,
    Content,
    Demand,
    NumberSeries,
    Petition,
    PetitionKind,
    Tie,
    Way,
)
from petitions.models.promises import Promise
from petitions.models.publications import Publication, PublicWish
from petitions.models.ratings import RatedSubject, Rating, Score, Via
from petitions.models.receptions import (
    Attendance,
    Reception,
    ReceptionItem,
    ReceptionKind,
    ReceptionOutcome,
    ReceptionRecord,
    ReceptionStep,
)
from petitions.models.tallies import AnswerRow, ClockRun
from petitions.models.templates import ReplyTemplate
from petitions.models.words import PetitionWords

__all__ = [
    "Accused",
    "AnswerRow",
    "Assignment",
    "Attachment",
    "Attendance",
    "Case",
    "Channel",
    "ClockRun",
    "Content",
    "Demand",
    "FileKind",
    "NumberSeries",
    "Path",
    "Petition",
    "PetitionEvent",
    "PetitionKind",
    "PetitionWords",
    "Promise",
    "PublicWish",
    "Publication",
    "RatedSubject",
    "Rating",
    "Reception",
    "ReceptionItem",
    "ReceptionKind",
    "ReceptionOutcome",
    "ReceptionRecord",
    "ReceptionStep",
    "ReplyTemplate",
    "ReviewOutcome",
    "Score",
    "Tie",
    "Via",
    "Way",
]
