from households.models.arrangements import YearArrangement
from households.models.changes import (
    AwaySpell,
    ChangeKind,
    ChangeObjection,
    ChangeReading,
    ChangeReason,
    HouseholdChange,
    HouseholdProposal,
    ProposalState,
)
from households.models.division import CODE_COLLATION, Division, Household, active_on
from households.models.jobs import JobOutcome, JobRun
from households.models.moments import KeptMoment
from households.models.people import Department, Linkage, User, linked_in
from households.models.plates import Plate, PlateDevice
from households.models.records import AuditEvent, Operation
from households.models.security import AccountRequest, RequestKind, RequestState, SignIn, UsedPassword
from households.models.trail import TrailLine, TrailSeal

__all__ = [
    "CODE_COLLATION",
    "AccountRequest",
    "AuditEvent",
    "AwaySpell",
    "ChangeKind",
    "ChangeObjection",
    "ChangeReading",
    "ChangeReason",
    "Department",
    "Division",
    "Household",
    "HouseholdChange",
    "HouseholdProposal",
    "JobOutcome",
    "JobRun",
    "KeptMoment",
    "Linkage",
    "Operation",
    "Plate",
    "PlateDevice",
    "ProposalState",
    "RequestKind",
    "RequestState",
    "SignIn",
    "TrailLine",
    "TrailSeal",
    "UsedPassword",
    "User",
    "YearArrangement",
    "active_on",
    "linked_in",
]
