"""Three powers in three people (三权分立): who makes accounts, who watches over them, who reads what both did.

An account is one person's; that two accounts are one person's is told by name and telephone. The same name is taken for the
same person unless two different telephones say otherwise, the same telephone always.
"""

from households.models import User
from households.refusals import Refused
from households.register.phones import read_kept
from households.roles import Role

APART = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


def check_apart(*, role: str, display_name: str, phone: str, county: str | None, but: User | None = None) -> None:
    """Refuse (409) that somebody who holds one of the three posts of a county gets another; `but` is the account in question."""
    if role not in APART:
        return
    others = User.objects.filter(role__in=APART, is_active=True, is_demo=False, division=county).exclude(role=role)
    for other in others.exclude(pk=but.pk if but else None):
        if _same(display_name, phone, other):
            held = other.get_role_display()
            reason = f"{display_name}已经是{held}（账号{other.username}），不能再当{Role(role).label}。"
            hint = "系统管理员、安全管理员、审计员要由三个人分别担任。同名不同人的，请把两个人的电话都登记上。"
            raise Refused("one_person", reason, hint=hint, status=409)


def _same(display_name: str, phone: str, other: User) -> bool:
    known = read_kept(other.phone)
    if phone and known:
        return phone == known
    return display_name.strip() == other.display_name.strip()
