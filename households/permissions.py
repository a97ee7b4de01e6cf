"""Who may do what: one catalogue, one question."""

from enum import StrEnum
from typing import TYPE_CHECKING

from households.roles import Role

if TYPE_CHECKING:
    from households.models import User


class Permission(StrEnum):
    SEE_SHEET = "see_sheet"
    RECORD_EVENT = "record_event"
    CONFIRM_EVENT = "confirm_event"
    DECLARE = "declare"
    REVIEW = "review"
    SEE_RANKINGS = "see_rankings"
    SEE_HOUSEHOLDS = "see_households"
    UNMASK = "unmask"
    NAME_HOUSEHOLDS = "name_households"
    ISSUE_PLATE = "issue_plate"
    PRINT_PLATES = "print_plates"
    ANSWER_CORRECTIONS = "answer_corrections"
    CHANGE_HOUSEHOLDS = "change_households"
    PROPOSE_CHANGES = "propose_changes"
    WATCH_CHANGES = "watch_changes"
    DECLARE_KIN = "declare_kin"
    KEEP_KIN = "keep_kin"
    MANAGE_CONTACTS = "manage_contacts"
    MANAGE_LINKAGES = "manage_linkages"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_ACCOUNT_REQUESTS = "see_account_requests"
    CONFIRM_ACCOUNTS = "confirm_accounts"
    WATCH_SECURITY = "watch_security"
    READ_AUDIT = "read_audit"
    ARRANGE_YEARS = "arrange_years"
    SET_CALENDAR = "set_calendar"
    REMIND = "remind"
    RETURN_APPROVAL = "return_approval"
    BRING_FILES = "bring_files"
    IMPORT_REGISTER = "import_register"
    SEE_OPENING = "see_opening"
    ADOPT_SCHEME = "adopt_scheme"
    SEE_RUNNING = "see_running"
    SEE_SELF_CHECK = "see_self_check"
    HEAR_ALARMS = "hear_alarms"
    SEE_OUTBOX = "see_outbox"
    SEE_FINDINGS = "see_findings"
    FILE_FINDING = "file_finding"
    SEE_OBJECTIONS = "see_objections"
    FILE_OBJECTION = "file_objection"
    SUPERVISE = "supervise"
    HEAR_OBJECTION = "hear_objection"
    ASK_RESTATEMENT = "ask_restatement"
    GRANT_RESTATEMENT = "grant_restatement"
    ASK_WITHHOLDING = "ask_withholding"
    SEE_POINTS = "see_points"
    ASK_POINTS = "ask_points"
    GRANT_POINTS = "grant_points"
    SEE_SHOP = "see_shop"
    RUN_SHOP = "run_shop"
    WATCH_PINS = "watch_pins"
    WITNESS_STOCK = "witness_stock"
    SEE_PROJECTS = "see_projects"
    RUN_PROJECTS = "run_projects"
    APPROVE_PROJECTS = "approve_projects"
    ACCEPT_PROJECTS = "accept_projects"
    PAY_PROJECTS = "pay_projects"
    SEE_AWARDS = "see_awards"
    MANAGE_FUNDS = "manage_funds"
    FILE_FOR_OTHERS = "file_for_others"
    SEE_PETITIONS = "see_petitions"
    WORK_PETITIONS = "work_petitions"
    ROUTE_PETITIONS = "route_petitions"
    SUPERVISE_PETITIONS = "supervise_petitions"
    RUN_RECEPTIONS = "run_days"
    REDACT_PETITIONS = "redact_petitions"
    SEE_PETITION_BOARD = "see_petition_board"
    TRAIN = "train"
    PREPARE_TRAINING = "prepare_training"


_SEES = {
    Permission.SEE_SHEET,
    Permission.SEE_RANKINGS,
    Permission.SEE_HOUSEHOLDS,
    Permission.SEE_POINTS,
    Permission.SEE_PROJECTS,
    Permission.SEE_AWARDS,
    Permission.DECLARE_KIN,
}
_OBJECTS = {Permission.SEE_OBJECTIONS, Permission.FILE_OBJECTION}
_HEARS = {Permission.SEE_OBJECTIONS, Permission.HEAR_OBJECTION}
_WORKS_PETITIONS = {Permission.SEE_PETITIONS, Permission.WORK_PETITIONS, Permission.SEE_PETITION_BOARD}

ROLES: dict[str, frozenset[Permission]] = {
    Role.GROUP_LEADER: frozenset(_SEES | {Permission.RECORD_EVENT, Permission.PROPOSE_CHANGES, Permission.TRAIN}),
    Role.CADRE: frozenset(
        _SEES
        | _OBJECTS
        | _HEARS
        | {
            Permission.RECORD_EVENT,
            Permission.CONFIRM_EVENT,
            Permission.DECLARE,
            Permission.UNMASK,
            Permission.ISSUE_PLATE,
            Permission.SEE_OUTBOX,
            Permission.ANSWER_CORRECTIONS,
            Permission.BRING_FILES,
            Permission.SEE_FINDINGS,
            Permission.CHANGE_HOUSEHOLDS,
            Permission.PROPOSE_CHANGES,
            Permission.MANAGE_CONTACTS,
            Permission.ASK_POINTS,
            Permission.SEE_SHOP,
            Permission.RUN_SHOP,
            Permission.RUN_PROJECTS,
            Permission.FILE_FOR_OTHERS,
            Permission.SEE_PETITIONS,
            Permission.TRAIN,
        }
    ),
    Role.SUPERVISOR: frozenset(
        _SEES
        | _OBJECTS
        | _HEARS
        | {Permission.CONFIRM_EVENT, Permission.NAME_HOUSEHOLDS, Permission.SEE_SHOP, Permission.WITNESS_STOCK}
        | {Permission.WATCH_PINS, Permission.TRAIN, Permission.SUPERVISE}
        | {Permission.ACCEPT_PROJECTS}
    ),
    Role.TOWNSHIP: frozenset(
        _SEES
        | _OBJECTS
        | _HEARS
        | {Permission.RECORD_EVENT, Permission.CONFIRM_EVENT, Permission.REVIEW, Permission.UNMASK, Permission.REMIND}
        | {Permission.NAME_HOUSEHOLDS, Permission.ASK_RESTATEMENT, Permission.GRANT_POINTS, Permission.SEE_SHOP}
        | {Permission.ASK_WITHHOLDING, Permission.WATCH_CHANGES, Permission.MANAGE_CONTACTS, Permission.KEEP_KIN}
        | {Permission.BRING_FILES, Permission.TRAIN, Permission.PREPARE_TRAINING, Permission.SEE_FINDINGS}
        | {Permission.APPROVE_PROJECTS, Permission.FILE_FOR_OTHERS}
        | _WORKS_PETITIONS
    ),
    Role.DEPARTMENT: frozenset(
        _SEES
        | _OBJECTS
        | {Permission.RECORD_EVENT, Permission.NAME_HOUSEHOLDS, Permission.FILE_FOR_OTHERS}
        | {Permission.SEE_FINDINGS, Permission.FILE_FINDING, Permission.BRING_FILES}
        | _WORKS_PETITIONS
    ),
    Role.PETITION_OFFICE: frozenset(
        _SEES
        | {Permission.RECORD_EVENT, Permission.CONFIRM_EVENT, Permission.NAME_HOUSEHOLDS}
        | {Permission.FILE_FOR_OTHERS, Permission.SEE_PETITIONS, Permission.ROUTE_PETITIONS, Permission.BRING_FILES}
        | {Permission.SUPERVISE_PETITIONS, Permission.RUN_RECEPTIONS, Permission.REDACT_PETITIONS}
        | {Permission.SEE_PETITION_BOARD}
    ),
    Role.COUNTY_OFFICE: frozenset(
        _SEES
        | _HEARS
        | {
            Permission.RECORD_EVENT,
            Permission.CONFIRM_EVENT,
            Permission.ARRANGE_YEARS,
            Permission.SET_CALENDAR,
            Permission.SEE_FINDINGS,
            Permission.REMIND,
            Permission.RETURN_APPROVAL,
            Permission.CHANGE_HOUSEHOLDS,
            Permission.PROPOSE_CHANGES,
            Permission.BRING_FILES,
            Permission.IMPORT_REGISTER,
            Permission.SEE_OPENING,
            Permission.PRINT_PLATES,
            Permission.TRAIN,
            Permission.PREPARE_TRAINING,
            Permission.ADOPT_SCHEME,
            Permission.SEE_RUNNING,
            Permission.HEAR_ALARMS,
            Permission.SEE_OUTBOX,
            Permission.KEEP_KIN,
            Permission.MANAGE_CONTACTS,
            Permission.MANAGE_LINKAGES,
            Permission.UNMASK,
            Permission.NAME_HOUSEHOLDS,
            Permission.GRANT_RESTATEMENT,
            Permission.ASK_WITHHOLDING,
            Permission.ASK_POINTS,
            Permission.GRANT_POINTS,
            Permission.SEE_SHOP,
            Permission.APPROVE_PROJECTS,
            Permission.PAY_PROJECTS,
            Permission.MANAGE_FUNDS,
            Permission.SEE_PETITIONS,
            Permission.SUPERVISE_PETITIONS,
            Permission.SEE_PETITION_BOARD,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset(
        {Permission.MANAGE_ACCOUNTS, Permission.SEE_ACCOUNT_REQUESTS, Permission.CONFIRM_ACCOUNTS}
        | {Permission.SEE_RUNNING, Permission.HEAR_ALARMS, Permission.SEE_OPENING, Permission.BRING_FILES}
        | {Permission.SEE_SELF_CHECK}
    ),
    Role.SECURITY_ADMIN: frozenset(
        {
            Permission.SEE_ACCOUNT_REQUESTS,
            Permission.CONFIRM_ACCOUNTS,
            Permission.WATCH_SECURITY,
            Permission.HEAR_ALARMS,
            Permission.SEE_SELF_CHECK,
        }
    ),
    Role.AUDITOR: frozenset({Permission.READ_AUDIT, Permission.SEE_ACCOUNT_REQUESTS, Permission.HEAR_ALARMS}),
}


def may(user: "User", permission: Permission, *, at: str | None = None) -> bool:
    """Whether `user` holds `permission`, and, with `at` (a division's or household's code), holds it there."""
    if not user.is_active or permission not in ROLES.get(user.role, frozenset()):
        return False
    return at is None or user.scope.covers(at)
