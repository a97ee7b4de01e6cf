from households.models.alarms import Alarm, AlarmKind
from households.models.arrangements import YearArrangement
from households.models.borders import (
    WHOLE,
    BorderKind,
    BorderLine,
    BorderOrder,
    BorderReason,
    PastName,
    sql_name_on,
)
from households.models.changes import (
    ENDINGS,
    AwaySpell,
    ChangeKind,
    ChangeObjection,
    ChangeReading,
    ChangeReason,
    HouseholdChange,
    HouseholdProposal,
    ProposalState,
)
from households.models.contacts import (
    Contact,
    ContactHandOver,
    ContactKind,
    ContactPerson,
    ContactVisit,
    MicroGrid,
    VisitOutcome,
)
from households.models.division import CODE_COLLATION, Division, Household, active_on, sql_active, sql_living
from households.models.finding import HouseholdWords, WordsMark
from households.models.intake import AT_WORK, ImportChange, ImportPaper, ImportRun, ImportState
from households.models.jobs import JobOutcome, JobRun
from households.models.kin import KinTie, Relation
from households.models.moments import KeptMoment
from households.models.opening import SetUpAddress
from households.models.outbox import NoSms, OutboxMessage, OutboxState
from households.models.own_data import CorrectionRequest, CorrectionState
from households.models.people import Department, Linkage, User, is_demo_county, linked_in
from households.models.plate_runs import PlatePapers, PlateRun, PlateRunVillage
from households.models.plates import Plate, PlateDevice
from households.models.post_messages import PostMessage
from households.models.posts import Tenure, TenureEnd
from households.models.records import AuditEvent, Operation
from households.models.retention import HouseholdErasure
from households.models.security import (
    AccountRequest,
    OutsideIdentity,
    RecoveryCode,
    RequestKind,
    RequestState,
    SecondFactor,
    SignIn,
    UsedPassword,
)
from households.models.trail import TrailLine, TrailSeal

__all__ = [
    "AT_WORK",
    "CODE_COLLATION",
    "ENDINGS",
    "WHOLE",
    "AccountRequest",
    "Alarm",
    "AlarmKind",
    "AuditEvent",
    "AwaySpell",
    "BorderKind",
    "BorderLine",
    "BorderOrder",
    "BorderReason",
    "ChangeKind",
    "ChangeObjection",
    "ChangeReading",
    "ChangeReason",
    "Contact",
    "ContactHandOver",
    "ContactKind",
    "ContactPerson",
    "ContactVisit",
    "CorrectionRequest",
    "CorrectionState",
    "Department",
    "Division",
    "Household",
    "HouseholdChange",
    "HouseholdErasure",
    "HouseholdProposal",
    "HouseholdWords",
    "ImportChange",
    "ImportPaper",
    "ImportRun",
    "ImportState",
    "JobOutcome",
    "JobRun",
    "KeptMoment",
    "KinTie",
    "Linkage",
    "MicroGrid",
    "NoSms",
    "Operation",
    "OutboxMessage",
    "OutboxState",
    "OutsideIdentity",
    "PastName",
    "Plate",
    "PlateDevice",
    "PlatePapers",
    "PlateRun",
    "PlateRunVillage",
    "PostMessage",
    "ProposalState",
    "RecoveryCode",
    "Relation",
    "RequestKind",
    "RequestState",
    "SecondFactor",
    "SetUpAddress",
    "SignIn",
    "Tenure",
    "TenureEnd",
    "TrailLine",
    "TrailSeal",
    "UsedPassword",
    "User",
    "VisitOutcome",
    "WordsMark",
    "YearArrangement",
    "active_on",
    "is_demo_county",
    "linked_in",
    "sql_active",
    "sql_living",
    "sql_name_on",
]
