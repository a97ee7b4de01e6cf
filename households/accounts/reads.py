"""Reading accounts: which ones a system admin looks after, what waits for a second hand, where somebody is signed in."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from households.accounts.actions.requests import check_second
from households.audit import OPERATOR
from households.models import (
    AccountRequest,
    AuditEvent,
    OutsideIdentity,
    RecoveryCode,
    RequestKind,
    RequestState,
    SecondFactor,
    SignIn,
    Tenure,
    User,
)
from households.refusals import Refused
from households.register.initials import initials_of_all
from households.register.sounds import readings_of
from households.roles import HIGH
from households.scope import Scope
from households.words import folding


def accounts_within(scope: Scope) -> "QuerySet[User]":
    """Accounts of the scope's divisions, and those of departments, which belong to no division."""
    accounts: QuerySet[User] = User.objects.select_related("division__parent", "department")
    return accounts.filter(scope.condition("division") | Q(department__isnull=False))


STATES = {
    "open": "启用",
    "closed": "已停用",
    "never": "还没有登录过",
    "idle": f"{settings.IDLE_ACCOUNT_DAYS} 天没有登录",
}


def matching(accounts: "QuerySet[User]", words: str, role: str, state: str = "") -> "QuerySet[User]":
    """Those whose name (also in pinyin), user name or place holds `words`; of one role and in one of STATES when given."""
    if role:
        accounts = accounts.filter(role=role)
    if state:
        accounts = accounts.filter(_in_state(state))
    if words := folding.name(words):
        named = Q(display_name__icontains=words) | Q(username__icontains=words)
        if words.isascii() and words.isalpha():
            named |= Q(pk__in=_sounding(accounts, words.lower()))
        places = Q(division__name__contains=words) | Q(division__parent__name__contains=words)
        accounts = accounts.filter(named | places | Q(department__name__contains=words))
    return accounts


def _in_state(state: str) -> Q:
    if state == "closed":
        return Q(is_active=False)
    if state == "never":
        return Q(is_active=True, last_login=None)
    if state == "idle":
        since = timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_DAYS)
        quiet = Q(last_login__lt=since) | Q(last_login=None, created_at__lt=since)
        return Q(is_active=True) & quiet
    return Q(is_active=True)


def _sounding(accounts: "QuerySet[User]", letters: str) -> list[int]:
    """Whose name sounds so, by initials or in full. Some thousand names are read here, which costs milliseconds."""
    rows = list(accounts.order_by().values_list("pk", "display_name"))
    names = [name for _, name in rows]
    pairs = zip(rows, initials_of_all(names), strict=True)
    return [pk for (pk, name), short in pairs if letters in short or any(letters in whole for whole in _aloud(name))]


def _aloud(name: str) -> Iterator[str]:
    return map("".join, readings_of(name))


SECURITY = (
    *("account.sign_in_failed", "account.spraying", "account.own_password_wrong", "account.set_password"),
    *("account.deactivate", "account.activate", "account.ask", "account.confirm", "account.refuse", "plate.lock"),
    *("identity.bind", "identity.unbind", "identity.refuse"),
    *("account.end_sessions", "household.unmask_limit", "second_factor.enrol", "second_factor.remove"),
    *("second_factor.pause", "second_factor.recovery", "second_factor.renew", "file.infected"),
)
_SHOWN = timedelta(days=30)
_TOLD = timedelta(days=14)
_HOLDERS = 50


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


def identity_of_late(user: User) -> OutsideIdentity | None:
    """Who the account's owner is at the provider, when that was bound within the last days."""
    found = OutsideIdentity.objects.filter(user=user, since__gte=timezone.now() - _TOLD)
    return found.select_related("by").first()


def bound(accounts: Iterable[User]) -> set[int]:
    """Which of these accounts have a telephone bound."""
    found = SecondFactor.objects.filter(user__in=list(accounts), secret__isnull=False)
    return set(found.values_list("user", flat=True))


def without_factor(roles: Iterable[str]) -> "QuerySet[User]":
    """Open accounts of these posts to which no telephone is bound."""
    open_ones: QuerySet[User] = User.objects.filter(role__in=sorted(roles), is_active=True, is_demo=False)
    return open_ones.exclude(second_factor__secret__isnull=False)


def _tenures() -> "QuerySet[Tenure]":
    found: QuerySet[Tenure] = Tenure.objects.select_related("user", "followed_by", "division__parent", "department")
    return found.order_by("-since", "-id")


def tenure_of(user: User) -> Tenure | None:
    """Since when the account holds its post; None for a closed one."""
    return _tenures().filter(user=user, until=None).first()


def tenures_of(user: User) -> list[Tenure]:
    """All posts that the account held, the newest first."""
    return list(_tenures().filter(user=user))


def holders_of_post(user: User) -> list[Tenure]:
    """Who held the account's post, several at once where there are, the newest first."""
    post = {"role": user.role, "division": user.division_id, "department": user.department_id}
    return list(_tenures().filter(**post)[:_HOLDERS])


def came_with_work(user: User) -> bool:
    """Whether the account has taken over a post of late with work left open."""
    since = timezone.now() - _TOLD
    return Tenure.objects.filter(user=user, until=None, since__gte=since).exclude(left=[]).exists()
