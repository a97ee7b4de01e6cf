"""Whom the provider's word lets in: the owner of an account that was bound to it, if nothing stands against the account.

The word gives nothing: no account, no post, no right. It may take: where the county has said which words belong to which post,
whoever comes without them stays outside.
"""

from django.http import HttpRequest

from households.accounts import lockout
from households.attempts import Counter, client_address
from households.models import OutsideIdentity, User
from households.oidc.actions import note_refusal
from households.oidc.provider import Claims, Provider
from households.refusals import Refused

_REFUSED = Counter("provider-refusals", "households.oidc", 60 * 60)
_EVERY = 100  # refusals of one kind to one identity in an hour, of which one line is written


def admitted(request: HttpRequest, provider: Provider, claims: Claims) -> User:
    """Whose account it is. Refused, and written down, when they may not come in."""
    subject = provider.names(claims)
    known = OutsideIdentity.objects.filter(issuer=provider.issuer, claim=provider.claim, subject=subject)
    found = known.select_related("user__division", "user__department").first() if subject else None
    user = found.user if found else None
    why, refusal = _against(request, provider, claims, user)
    if user is None or refusal is not None:
        _note(request, user, why, subject)
        raise refusal or Refused("unknown", "")
    return user


def place_of(user: User) -> str:
    """The code by which the provider's words may name the person's place."""
    return user.division_id or (user.department.code if user.department else "")


def _against(request: HttpRequest, provider: Provider, claims: Claims, user: User | None) -> tuple[str, Refused | None]:
    label = provider.label
    if user is None:
        hint = "请先用账号和密码登录，在右上角“统一身份认证”里绑定；或者请系统管理员绑定。绑定不会多给任何权限。"
        return "unknown", Refused(
            "identity_unknown", f"您在{label}的身份还没有绑定本系统的账号。", hint=hint, status=403
        )
    if not user.is_active:
        return "closed", Refused("closed", "绑定的账号已经停用。", hint="请找本县的系统管理员。", status=403)
    if minutes := lockout.locks_here(request, user):
        reason = f"密码连续错了 5 次，账号已锁定，请 {minutes} 分钟后再试。"
        return "locked", Refused("locked_out", reason, status=429)
    if not provider.holds_post(claims, user.role, place_of(user)):
        hint = "岗位变动了的，请系统管理员办理移交；没有变动的，请管身份认证的单位更正，或者先用账号和密码登录。"
        reason = f"{label}里没有写您担任{user.place_name}的{user.get_role_display()}。"
        return "post", Refused("post_not_held", reason, hint=hint, status=403)
    return "", None


def _note(request: HttpRequest, user: User | None, why: str, subject: str) -> None:
    who = f"{client_address(request)} {why} {subject}"
    _REFUSED.note(who)
    if _REFUSED.counted(who)[0] % _EVERY in (0, 1):
        note_refusal(user=user, why=why)
