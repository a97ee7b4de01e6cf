"""What the machine can see of the requirements on this installation, by name. What `doctor` sees already is asked of it."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.utils import timezone

from dongkou.doctor import around, inside
from dongkou.doctor.findings import DoctorFinding, bad, look, well
from dongkou.self_check import looks_data
from dongkou.self_check.columns import kept_columns
from dongkou.self_check.doors import DOORS
from dongkou.self_check.forbidden import forbidden_columns
from households.accounts.actions.apart import APART
from households.accounts.limits import needing, why_off
from households.accounts.passwords import CLASSES_NEEDED, MIN_LENGTH
from households.accounts.reads import matching, without_factor
from households.models import User
from households.register.phones import read_kept
from households.roles import HIGH, Role

IDLE_LIMIT = 30  # minutes; what examiners usually accept
FAILURE_LIMIT = 5
BUSINESS = "经营"
Findings = Iterator[DoctorFinding]


def passwords() -> Findings:
    """Rules and the change of passwords."""
    yield well("口令", f"至少 {MIN_LENGTH} 位、{CLASSES_NEEDED} 类字符，不收好猜的")
    days = settings.PASSWORD_DAYS
    if days:
        yield well("定期换口令", f"每 {days} 天")
    else:
        yield look("定期换口令", "不要求", "要求定期更换的，请设置 DONGKOU_PASSWORD_DAYS，如 180")


def lockout() -> Findings:
    """After how many failures, for how long."""
    failures, minutes = settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME.seconds // 60
    told = f"连错 {failures} 次锁 {minutes} 分钟；一个地址十分钟错 {settings.ADDRESS_FAILURES} 次以后不再受理错的"
    yield well("登录失败", told) if failures <= FAILURE_LIMIT else look("登录失败", told, "请改回 5 次以内")


def session() -> Findings:
    """When somebody who does nothing is signed out."""
    minutes, hours = settings.SESSION_COOKIE_AGE // 60, int(settings.SESSION_MOST.total_seconds()) // 3600
    told = f"不操作 {minutes} 分钟退出，最长 {hours} 小时"
    if minutes > IDLE_LIMIT:
        yield look("超时退出", told, f"请把 DONGKOU_IDLE_MINUTES 设到 {IDLE_LIMIT} 以内")
    else:
        yield well("超时退出", told)


def second_factor() -> Findings:
    """The high posts need one, and have bound it."""
    roles = needing()
    if missing := HIGH - roles:
        names = "、".join(sorted(Role(role).label for role in missing))
        told = f"{names}没有要求（{why_off()}）"
        yield look("动态口令", told, "正式使用请不要设置 DONGKOU_SECOND_FACTOR=off，也不要有演示账号")
    elif left := without_factor(roles).count():
        yield look("动态口令", f"要求了，还有 {left} 个账号没有绑定", "请他们登录后绑定；绑定以前什么也办不了")
    else:
        yield well("动态口令", "要职账号都绑定了")


def default_accounts() -> Findings:
    """Demo accounts are the only ones that nobody asked for."""
    demo = User.objects.filter(is_demo=True, is_active=True).count()
    if demo:
        yield look("出厂账号", f"有 {demo} 个演示账号", "正式使用请用 --demo none 另建数据文件夹")
    else:
        yield well("出厂账号", "没有")


def idle() -> Findings:
    """Accounts that nobody has used."""
    number = matching(User.objects.filter(is_demo=False), "", "", "idle").count()
    told = f"{settings.IDLE_ACCOUNT_DAYS} 天没有登录的 {number} 个"
    yield look("闲置账号", told, "请系统管理员问清楚，不用的停用") if number else well("闲置账号", told)


def administrators() -> Findings:
    """Each of the three is somebody, and nobody is two of them."""
    held = list(User.objects.filter(role__in=APART, is_active=True))
    counts = {role: sum(user.role == role for user in held) for role in APART}
    told = "，".join(f"{role.label} {number} 个" for role, number in counts.items())
    if not all(counts.values()):
        yield bad("三员", told, "请运行 manage.py create_account 补上缺的那一员")
    elif _one_person_twice(held):
        yield bad("三员", f"{told}，有人兼任", "请在“账号”里换人，三员要由三个人担任")
    else:
        yield well("三员", f"{told}，没有人兼任")


def _one_person_twice(held: list[User]) -> bool:
    """The same telephone, or the same name without two telephones that differ, in two posts (as ADR 36 tells people apart)."""
    known = [(user.role, user.division_id, user.display_name.strip(), read_kept(user.phone)) for user in held]
    return any(
        one[0] != other[0]
        and one[1] == other[1]
        and (one[3] == other[3] if one[3] and other[3] else one[2] == other[2])
        for at, one in enumerate(known)
        for other in known[at + 1 :]
    )


def staff() -> Findings:
    """No column of the database counts people's use, ranks them or follows them."""
    columns = kept_columns()
    wrong = [one for one in forbidden_columns(columns) if BUSINESS not in one]
    yield from _schema("记人员使用情况的列", wrong, len(columns))


def commerce() -> Findings:
    """No column is about selling."""
    columns = kept_columns()
    wrong = [one for one in forbidden_columns(columns) if BUSINESS in one]
    yield from _schema("经营用的列", wrong, len(columns))


def _schema(what: str, wrong: list[str], number: int) -> Findings:
    if wrong:
        yield bad(
            what, f"有：{'、'.join(wrong[:3])}{f' 等 {len(wrong)} 处' if len(wrong) > 3 else ''}", "请查是谁加的，去掉"
        )
    else:
        yield well(what, f"没有（看了 {number} 列）")


def doors() -> Findings:
    """How many acts have a way without a telephone."""
    yield well("纸质和当面的办法", f"群众能办的 {len(DOORS)} 类事都有")


def contact() -> Findings:
    """Where people complain."""
    if settings.CONTACT:
        yield well("意见和投诉", "首页有电话")
    else:
        yield look("意见和投诉", "首页没有电话", "请设置 DONGKOU_CONTACT")


LOOKS: dict[str, Callable[[], Findings]] = {
    "passwords": passwords,
    "lockout": lockout,
    "session": session,
    "second_factor": second_factor,
    "default_accounts": default_accounts,
    "idle": idle,
    "administrators": administrators,
    "staff": staff,
    "commerce": commerce,
    "doors": doors,
    "contact": contact,
    "line": around.addresses,
    "disks": around.disks,
    "keys": around.keys,
    "backups": lambda: around.backups(timezone.now()),
    "rights": inside.rights,
    "clock": inside.clock,
    "alarms": inside.alarms,
    "jobs": lambda: inside.jobs(timezone.now()),
    "scanner": looks_data.scanner,
    "audit": looks_data.audit,
    "trail": looks_data.trail,
    "kept": looks_data.kept,
    "sent": looks_data.sent,
    "nightly": looks_data.nightly,
    "retention": looks_data.retention,
    "sealed": looks_data.sealed,
    "versions": looks_data.versions,
    "supported": looks_data.supported,
}
