from scoring.models.accounts import Account, EntryKind, LedgerHead, OwnerKind, PointEntry, PointNotice
from scoring.models.adjustments import Adjustment
from scoring.models.archived import ArchivedMonth
from scoring.models.batches import BatchKind, EntryBatch
from scoring.models.calendars import CalendarVersion, ForcedFreeze, MonthExtension
from scoring.models.events import ScoreEvent, Source
from scoring.models.findings import Finding, FindingAnswer, FindingAnswerKind
from scoring.models.months import Decision, Declaration, LookFound, Period, Review, ReviewLook, Sheet
from scoring.models.objections import Objection, ObjectionPhoto, ObjectionStep
from scoring.models.papers import PaperSheet
from scoring.models.photos import EventPhoto
from scoring.models.point_adjustments import AskState, PointAdjustment
from scoring.models.reminders import MonthReminder
from scoring.models.results import DepartmentScore, DivisionScore, HouseholdScore, Mark, RankingSnapshot
from scoring.models.roots import DailyRoot, VillageRoot
from scoring.models.scheme_asks import SchemeAsk
from scoring.models.schemes import Clause, Indicator, Recorder, Scheme, Subject
from scoring.models.terms import ReminderTerm
from scoring.models.withholdings import LegalGround, Withholding

__all__ = [
    "Account",
    "Adjustment",
    "ArchivedMonth",
    "AskState",
    "BatchKind",
    "CalendarVersion",
    "Clause",
    "DailyRoot",
    "Decision",
    "Declaration",
    "DepartmentScore",
    "DivisionScore",
    "EntryBatch",
    "EntryKind",
    "EventPhoto",
    "Finding",
    "FindingAnswer",
    "FindingAnswerKind",
    "ForcedFreeze",
    "HouseholdScore",
    "Indicator",
    "LedgerHead",
    "LegalGround",
    "LookFound",
    "Mark",
    "MonthExtension",
    "MonthReminder",
    "Objection",
    "ObjectionPhoto",
    "ObjectionStep",
    "OwnerKind",
    "PaperSheet",
    "Period",
    "PointAdjustment",
    "PointEntry",
    "PointNotice",
    "RankingSnapshot",
    "Recorder",
    "ReminderTerm",
    "Review",
    "ReviewLook",
    "Scheme",
    "SchemeAsk",
    "ScoreEvent",
    "Sheet",
    "Source",
    "Subject",
    "VillageRoot",
    "Withholding",
]
