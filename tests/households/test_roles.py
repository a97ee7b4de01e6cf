"""The posts that accounts are made for, as people call them."""

from households.roles import LABELS, ROLE_CHOICES, Role

CALLED = {
    "leader": "组长（网格长）",
    "cadre": "村干部",
    "supervisor": "村务监督委员",
    "township": "乡镇工作人员",
    "department": "县直部门工作人员",
    "petition_office": "信访局",
    "county_office": "县六零办",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计员",
}


def test_every_post_has_its_name() -> None:
    assert {role.value: role.label for role in Role} == CALLED
    assert set(LABELS) == set(Role)


def test_forms_offer_every_post_in_its_order() -> None:
    assert list(CALLED.items()) == ROLE_CHOICES
