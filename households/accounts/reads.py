"""Reading accounts: which ones a system admin looks after, what waits for a second hand, where somebody is signed in."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from households.accounts.actions.requests import check_second
from households.audit import OPERATOR
from households.models import (
    AccountRequest,
    AuditEvent,
    RecoveryCode,
    RequestKind,
    RequestState,
    SecondFactor,
    SignIn,
    User,
)
from households.refusals import Refused
from households.roles import HIGH
from households.scope import Scope
from households.words import folding


def accounts_within(scope: Scope) -> "QuerySet[User]":
    """Accounts of the scope's divisions, and those of departments, which belong to no division."""
    accounts: QuerySet[User] = User.objects.select_related("division__parent", "department")
    return accounts.filter(scope.condition("division") | Q(department__isnull=False))


def matching(accounts: "QuerySet[User]", words: str, role: str) -> "QuerySet[User]":
    """Those whose name, user name or place holds `words`, of one role when it is given."""
    if role:
        accounts = accounts.filter(role=role)
    if words := folding.name(words):
        named = Q(display_name__icontains=words) | Q(username__icontains=words)
        accounts = accounts.filter(named | Q(division__name__contains=words) | Q(department__name__contains=words))
    return accounts


SECURITY = (
    *("account.sign_in_failed", "account.spraying", "account.own_password_wrong", "account.set_password"),
    *("account.deactivate", "account.activate", "account.ask", "account.confirm", "account.refuse", "plate.lock"),
    *("account.end_sessions", "household.unmask_limit", "second_factor.enrol", "second_factor.remove"),
    *("second_factor.pause", "second_factor.recovery", "second_factor.renew", "file.infected"),
)
_SHOWN = timedelta(days=30)
_TOLD = timedelta(days=14)


def requests_within(scope: Scope) -> "QuerySet[AccountRequest]":
    """What was asked about accounts of high posts of these counties, the newest first."""
    people = ("asked_by", "decided_by", "subject", "place")
    return AccountRequest.objects.filter(scope.condition("place")).select_related(*people).order_by("-id")


def may_be_second(request: AccountRequest, user: User) -> bool:
    """Whether this person could confirm it now."""
    try:
        check_second(request, user)
    except Refused:
        return False
    return True


def made_by_command(scope: Scope) -> list[AuditEvent]:
    """Accounts of high posts that the command line made or gave a password of late."""
    lines = AuditEvent.objects.within(scope).filter(at__gte=timezone.now() - _SHOWN, actor=OPERATOR)
    found = lines.filter(action__in=("account.create", "account.set_password"), detail__role__in=sorted(HIGH))
    return list(found.exclude(detail__demo=True).order_by("-id")[:50])


def security_lines(scope: Scope) -> "QuerySet[AuditEvent]":
    """Lines of the last days that tell of attacks, locks, and accounts handed on."""
    lines = AuditEvent.objects.filter(scope.condition("place") | Q(place=""), action__in=SECURITY)
    found: QuerySet[AuditEvent] = lines.filter(at__gte=timezone.now() - _SHOWN).order_by("-id")
    return found


def sign_ins_of(user: User) -> "QuerySet[SignIn]":
    """Where this person is signed in now, the newest first."""
    alive = Session.objects.filter(session_key=OuterRef("key"), expire_date__gt=timezone.now())
    return SignIn.objects.filter(Exists(alive), user=user).order_by("-at")


def factor_of(user: User) -> SecondFactor | None:
    """The account's telephone: in use, about to be bound, or both."""
    return SecondFactor.objects.filter(user=user).first()


def unused_recovery(user: User) -> int:
    """How many recovery codes are left."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def factor_taken_off(user: User) -> AccountRequest | None:
    """By which two people the account's telephone was taken off of late."""
    done = AccountRequest.objects.filter(subject=user, kind=RequestKind.FACTOR, state=RequestState.DONE)
    done = done.filter(decided_at__gte=timezone.now() - _TOLD)
    return done.select_related("asked_by", "decided_by").order_by("-id").first()


def bound(accounts: Iterable[User]) -> set[int]:
    """Which of these accounts have a telephone bound."""
    found = SecondFactor.objects.filter(user__in=list(accounts), secret__isnull=False)
    return set(found.values_list("user", flat=True))


def without_factor(roles: Iterable[str]) -> "QuerySet[User]":
    """Open accounts of these posts to which no telephone is bound."""
    open_ones: QuerySet[User] = User.objects.filter(role__in=sorted(roles), is_active=True, is_demo=False)
    return open_ones.exclude(second_factor__secret__isnull=False)
