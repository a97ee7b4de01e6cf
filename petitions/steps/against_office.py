"""Accusations against the petition office itself: who takes them in its place, and what is said where nobody can."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from households.models import Department, User
from households.refusals import Refused
from households.roles import Role

ELSEWHERE = "请直接向纪检监察机关举报：打电话 12388，或者上网 www.12388.gov.cn；也可以向上一级信访部门反映。"


def is_against_office(accused: Sequence[dict[str, Any]], *, by: User | None) -> bool:
    """Whether one of `accused` (as `units.named` gives them) is the petition office or somebody of it.

    Refused where no other body could read it, and for the office's own people, who would have to write it down themselves.
    """
    if not any(_is_of_office(one) for one in accused):
        return False
    if by is not None and by.role == Role.PETITION_OFFICE:
        hint = f"请来信人自己在网页上提交，不用登录，信访局看不到。{ELSEWHERE}"
        raise Refused("office_accused", "反映信访局自身的检举、控告，信访局不能自己登记。", hint=hint)
    if not _is_body_ready(accused):
        reason = "反映信访局自身的检举、控告，这里现在没有别的机关能受理。为了不让信访局看到，没有收下。"
        raise Refused("nobody_to_take_it", reason, hint=ELSEWHERE)
    return True


def _is_of_office(one: dict[str, Any]) -> bool:
    department, user = one.get("department"), one.get("user")
    return bool(
        (department and department.pk == settings.PETITION_OFFICE_CODE) or (user and user.role == Role.PETITION_OFFICE)
    )


def _is_body_ready(accused: Sequence[dict[str, Any]]) -> bool:
    """Whether somebody of the body, neither accused nor retired, is there to read it."""
    body = settings.PETITION_OFFICE_BODY
    if Department(pk=body) in [one.get("department") for one in accused]:
        return False
    readers = User.objects.filter(role=Role.DEPARTMENT, department=body, is_active=True)
    return readers.exclude(pk__in=[one["user"].pk for one in accused if "user" in one]).exists()
