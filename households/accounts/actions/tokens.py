"""Tokens for other systems: given after the password was right, ended on demand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken

from households import audit
from households.models import User
from households.refusals import Refused


@transaction.atomic
def issue(*, user: User, with_code: bool = False) -> tuple[str, datetime]:
    """A new token and when it expires; the account's expired ones are removed.

    Refused while the account still has its one-time password, or must bind a telephone: that is done on the page only.
    """
    if user.must_change_password and not user.is_demo:
        raise Refused(
            "password_change_required",
            "这是一次性密码，还不能用来登录接口。",
            hint="请先在网页登录并换成自己的密码。",
            status=403,
        )
    if user.needs_second_factor and not with_code:
        hint = "请先在网页登录并绑定动态口令，以后登录接口时在 otp 里带上六位数字。"
        raise Refused("second_factor_required", "这个岗位要先绑定动态口令。", hint=hint, status=403)
    AuthToken.objects.filter(user=user, expiry__lte=timezone.now()).delete()
    stored, token = AuthToken.objects.create(user=user)
    audit.record(user, "token.issue", place=user.division_id or "", subject=user)
    return token, stored.expiry


@transaction.atomic
def end(*, token: AuthToken, by: User) -> None:
    """Make one token useless at once."""
    token.delete()
    audit.record(by, "token.end", place=by.division_id or "", subject=by)
