"""Identities at a provider: bound to accounts and taken off again, and what was refused to them."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.accounts.actions import sessions
from households.models import OutsideIdentity, User
from households.oidc.provider import Provider
from households.refusals import Refused


@transaction.atomic
def bind(*, user: User, provider: Provider, subject: str, by: User) -> OutsideIdentity:
    """Whoever the provider calls `subject` is the owner of this account from now on: the word of the owner, or of an administrator.

    An administrator who says it alone hands the account on, as with a password (`accounts.hands`), and never one of a high post.
    Refused: a closed account, one that has an identity, an identity that another account has.
    """
    if by.pk != user.pk:
        _hand_over(user, by)
    if not user.is_active:
        raise Refused("closed", f"账号{user.username}已停用。", status=409)
    if OutsideIdentity.objects.filter(user=user).exists():
        raise Refused("identity_there", "这个账号已经绑定了一个身份。", hint="要换，请先解绑。", status=409)
    try:
        with transaction.atomic():
            made = OutsideIdentity.objects.create(
                user=user, issuer=provider.issuer, claim=provider.claim, subject=subject, by=by
            )
    except IntegrityError:
        hint = "一个身份只能绑定一个账号；请系统管理员看看是哪一个，先解绑。"
        raise Refused("identity_taken", "这个身份已经绑定在别的账号上。", hint=hint, status=409) from None
    audit.record(by, "identity.bind", place=user.division_id or "", subject=user)
    return made


def _hand_over(user: User, by: User) -> None:
    if user.is_high:
        hint = "请他自己用密码登录以后，在右上角“统一身份认证”里绑定。"
        raise Refused("two_hands", "要职账号只能由本人绑定。", hint=hint, status=403)
    user.handed_by, user.handed_at = by, timezone.now()
    user.save(update_fields=["handed_by", "handed_at"])


@transaction.atomic
def unbind(*, user: User, by: User, here: str = "") -> None:
    """The account opens by name and password alone from now on. Sessions that the provider opened end, but the one `here`."""
    if not OutsideIdentity.objects.filter(user=user).delete()[0]:
        raise Refused("identity_gone", "这个账号没有绑定身份。", status=409)
    sessions.end_of_provider(user=user, but=here)
    audit.record(by, "identity.unbind", place=user.division_id or "", subject=user)


@transaction.atomic
def note_refusal(*, user: User | None, why: str) -> None:
    """Write down that somebody whom the provider named was not let in, and `why`: nobody has become an actor by that."""
    place = (user.division_id or "") if user else ""
    line = audit.line(None, "identity.refuse", place=place, subject=user or "", refused=why)
    line.actor, line.role = audit.ANONYMOUS, ""
    audit.record_all([line])
