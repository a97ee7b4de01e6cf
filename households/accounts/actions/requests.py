"""Accounts of high posts are made, reset and reopened by two: one administrator asks, another decides.

Who decides is the security administrator or a second system administrator: never who asked, nor whom it concerns, nor
somebody whose own account the asker alone made or reset of late (ADR 36).
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.accounts.actions import accounts, factors
from households.accounts.actions.apart import check_apart
from households.accounts.actions.posts import open_work
from households.accounts.hands import is_from
from households.accounts.passwords import one_time_password
from households.confirming.actions import has_factor
from households.models import AccountRequest, Division, RequestKind, RequestState, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.phones import encrypt, read_kept
from households.roles import HIGH


@transaction.atomic
def ask_to_create(
    *,
    username: str,
    display_name: str,
    role: str,
    place: Division,
    reason: str,
    by: User,
    phone: str = "",
    predecessor: User | None = None,
) -> AccountRequest:
    """Ask for a new account of a high post, to take over from `predecessor` if given. Refused for what could not be made anyway."""
    accounts.check_name(username)
    accounts.check_place(role, place, by)
    but = predecessor if predecessor and predecessor.role == role else None
    check_apart(role=role, display_name=display_name, phone=phone, county=place.pk, but=but)
    given: dict[str, object] = {"username": username, "display_name": display_name, "role": role, "place": place}
    given |= {"phone": encrypt(phone), "predecessor": predecessor}
    return _ask(RequestKind.CREATE, reason, by, **given)


@transaction.atomic
def ask_about(*, kind: RequestKind, user: User, reason: str, by: User) -> AccountRequest:
    """Ask for a one-time password for, or the reopening of, an account of a high post; or that a lost telephone be taken off."""
    if user.is_active is (kind is RequestKind.REOPEN):
        raise Refused("already", f"账号{user.username}现在{'启用着' if user.is_active else '已经停用'}。", status=409)
    if kind is RequestKind.FACTOR and not has_factor(user):
        raise Refused("no_factor", f"账号{user.username}没有绑定动态口令。", status=409)
    given = {"username": user.username, "display_name": user.display_name, "role": user.role, "subject": user}
    return _ask(kind, reason, by, place_id=user.division_id or by.division_id, **given)


def _ask(kind: RequestKind, reason: str, by: User, **given: object) -> AccountRequest:
    high = given["role"] in HIGH or kind is RequestKind.FACTOR
    if not high or not may(by, Permission.MANAGE_ACCOUNTS):
        raise Refused("not_yours", "只有系统管理员能申请，而且只用于要职账号。", status=403)
    if not reason.strip():
        raise Refused("reason_missing", "请写明为什么。", fields={"reason": "必填"})
    now = timezone.now()
    until = now + timedelta(days=settings.ACCOUNT_REQUEST_DAYS)
    late = AccountRequest.objects.filter(username=given["username"], state=RequestState.OPEN, expires_at__lte=now)
    late.update(state=RequestState.WITHDRAWN, decided_by=by, decided_at=now)
    request = AccountRequest(kind=kind, reason=reason.strip(), asked_by=by, asked_at=now, expires_at=until, **given)
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as fault:
        if "account_request_one_open" not in str(fault):
            raise
        raise Refused("asked_already", "这个账号已经有一个申请在等确认。", status=409) from fault
    _record(by, "account.ask", request)
    return request


@transaction.atomic
def confirm(*, request: AccountRequest, by: User) -> str:
    """The second hand. Returns the one-time password, known to the second alone; empty where none is given."""
    standing = _standing(request)
    check_second(standing, by)
    with_password = standing.kind in (RequestKind.CREATE, RequestKind.RESET)
    password = one_time_password() if with_password else ""
    asker, subject = standing.asked_by, standing.subject
    if standing.kind == RequestKind.CREATE:
        subject = _create(standing, password, by)
    elif subject is not None and standing.kind == RequestKind.RESET:
        accounts.set_password(user=subject, password=password, by=asker, confirmed=by)
    elif subject is not None and standing.kind == RequestKind.FACTOR:
        factors.remove(user=subject, by=asker, confirmed=by)
    elif subject is not None:
        accounts.activate_user(user=subject, by=asker, confirmed=by)
    _decide(standing, RequestState.DONE, by, subject=subject)
    _record(by, "account.confirm", standing)
    return password


def _create(standing: AccountRequest, password: str, by: User) -> User:
    """The new account; who held the post before is out with the same act."""
    before = standing.predecessor
    made = accounts.create_user(
        username=standing.username,
        display_name=standing.display_name,
        role=standing.role,
        place=standing.place,
        password=password,
        phone=read_kept(standing.phone),
        left=open_work(before) if before else None,
        by=standing.asked_by,
        confirmed=by,
    )
    if before and before.is_active:
        accounts.deactivate_user(user=before, by=standing.asked_by, successor=made)
    return made


@transaction.atomic
def refuse(*, request: AccountRequest, by: User) -> None:
    """The second hand does not agree; who asked may take it back themselves."""
    standing = _standing(request)
    if standing.asked_by_id == by.pk:
        _decide(standing, RequestState.WITHDRAWN, by)
    else:
        check_second(standing, by)
        _decide(standing, RequestState.REFUSED, by)
    _record(by, "account.refuse", standing)


def check_second(request: AccountRequest, by: User) -> None:
    """Refuse whoever cannot be the second hand of this request, with the reason."""
    if not may(by, Permission.CONFIRM_ACCOUNTS):
        raise Refused("not_yours", "只有安全管理员或系统管理员能确认。", status=403)
    if by.pk == request.asked_by_id:
        raise Refused("own_request", "自己提出的申请不能自己确认。", hint=_WHO, status=403)
    if by.pk == request.subject_id:
        raise Refused("own_account", "这个申请办的就是您自己的账号，不能由您确认。", hint=_WHO, status=403)
    if is_from(by, request.asked_by):
        reason = f"您的账号或密码是申请人 {settings.KEY_DAYS} 天内一个人办的，不能由您来确认。"
        raise Refused("same_hand", reason, hint=_WHO, status=403)


_WHO = "请由安全管理员或另一位系统管理员确认。县里只有一位管理员的，请机房在服务器上用 create_account 命令开第二位。"


def _standing(request: AccountRequest) -> AccountRequest:
    """The request as it is now, locked; refused when it is decided or too old."""
    found = AccountRequest.objects.select_for_update(of=("self",)).select_related(
        "asked_by", "subject", "place", "predecessor"
    )
    standing = found.get(pk=request.pk)
    if standing.state != RequestState.OPEN:
        raise Refused("decided", f"这个申请{standing.get_state_display()}，不用再办。", status=409)
    if standing.expires_at <= timezone.now():
        raise Refused("expired", "这个申请已经过期，请重新申请。", status=409)
    return standing


def _decide(request: AccountRequest, state: RequestState, by: User, subject: User | None = None) -> None:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.subject = subject or request.subject
    request.save(update_fields=["state", "decided_by", "decided_at", "subject"])


def _record(by: User, action: str, request: AccountRequest) -> None:
    audit.record(by, action, place=request.place_id, subject=request.username, kind=request.kind, role=request.role)
