from households.models.arrangements import YearArrangement
from households.models.division import CODE_COLLATION, Division, Household, active_on
from households.models.jobs import JobOutcome, JobRun
from households.models.moments import KeptMoment
from households.models.people import Department, Linkage, User, is_demo_county, linked_in
from households.models.plates import Plate, PlateDevice
from households.models.posts import Tenure, TenureEnd
from households.models.records import AuditEvent, Operation
from households.models.security import (
    AccountRequest,
    RecoveryCode,
    RequestKind,
    RequestState,
    SecondFactor,
    SignIn,
    UsedPassword,
)
from households.models.trail import TrailLine, TrailSeal

__all__ = [
    "CODE_COLLATION",
    "AccountRequest",
    "AuditEvent",
    "Department",
    "Division",
    "Household",
    "JobOutcome",
    "JobRun",
    "KeptMoment",
    "Linkage",
    "Operation",
    "Plate",
    "PlateDevice",
    "RecoveryCode",
    "RequestKind",
    "RequestState",
    "SecondFactor",
    "SignIn",
    "Tenure",
    "TenureEnd",
    "TrailLine",
    "TrailSeal",
    "UsedPassword",
    "User",
    "YearArrangement",
    "active_on",
    "is_demo_county",
    "linked_in",
]
