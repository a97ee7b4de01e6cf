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
    Kind,
    NumberSeries,
    Petition,
    Tie,
    Way,
)
from petitions.models.promises import Promise
from petitions.models.publications import Publication, PublicWish
from petitions.models.ratings import Rating, Score, Subject, Via
from petitions.models.receptions import (
    Attendance,
    Outcome,
    Reception,
    ReceptionItem,
    ReceptionKind,
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
    "Kind",
    "NumberSeries",
    "Outcome",
    "Path",
    "Petition",
    "PetitionEvent",
    "PetitionWords",
    "Promise",
    "PublicWish",
    "Publication",
    "Rating",
    "Reception",
    "ReceptionItem",
    "ReceptionKind",
    "ReceptionRecord",
    "ReceptionStep",
    "ReplyTemplate",
    "ReviewOutcome",
    "Score",
    "Subject",
    "Tie",
    "Via",
    "Way",
]
