"""The limits that keep accounts safe, as they are set, in words."""

from django.conf import settings

from households.models import is_demo_county
from households.roles import HIGH, Role


def in_force() -> list[tuple[str, str]]:
    """What is limited, and how."""
    return [
        ("动态口令", _second_factor()),
        *_provider(),
        ("密码连错后锁定", f"{settings.AXES_FAILURE_LIMIT} 次，{settings.AXES_COOLOFF_TIME.seconds // 60} 分钟"),
        ("不操作自动退出", f"{settings.SESSION_COOKIE_AGE // 60} 分钟"),
        ("一次登录最长", f"{int(settings.SESSION_MOST.total_seconds()) // 3600} 小时"),
        ("办钱和账号前再输密码", f"每 {settings.CONFIRM_MINUTES} 分钟"),
        ("一次性密码有效", f"{settings.ONE_TIME_HOURS} 小时"),
        ("定期换密码", f"每 {settings.PASSWORD_DAYS} 天" if settings.PASSWORD_DAYS else "不要求"),
        ("要职账号申请有效", f"{settings.ACCOUNT_REQUEST_DAYS} 天"),
        ("经手钱和积分的账号", f"开满 {settings.KEY_DAYS} 天"),
        ("每人每天看完整姓名电话", f"{settings.UNMASK_DAILY} 次"),
        ("新发户牌密码后盯看", f"{settings.PIN_WATCH_DAYS} 天"),
    ]


def _provider() -> list[tuple[str, str]]:
    if settings.OIDC is None:
        return []
    posts = "身份里要有岗位" if settings.OIDC.posts else "不核对岗位"
    factor = "它验过的第二道算数" if settings.OIDC.counted else "动态口令照旧"
    return [("统一身份认证登录", f"{settings.OIDC.label}，{posts}，{factor}")]


def _second_factor() -> str:
    roles = needing()
    if not roles:
        return f"没有要求（{why_off()}），自愿绑定"
    return f"{'、'.join(Role(role).label for role in sorted(roles))}必须绑定，其他人自愿"


def needing() -> frozenset[str]:
    """The posts whose accounts must not open by a password alone."""
    set_so = settings.SECOND_FACTOR_ROLES
    if set_so is not None:
        return set_so
    return frozenset() if is_demo_county() else HIGH


def why_off() -> str:
    """Why no post must have one."""
    return "演示" if settings.SECOND_FACTOR_ROLES is None else "机房设定"
