"""The limits that keep accounts safe, as they are set, in words."""

from django.conf import settings


def in_force() -> list[tuple[str, str]]:
    """What is limited, and how."""
    return [
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
