"""The posts that accounts are made for. Pure."""

from enum import StrEnum


class Role(StrEnum):
    GROUP_LEADER = "leader"
    CADRE = "cadre"
    SUPERVISOR = "supervisor"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    PETITION_OFFICE = "petition_office"
    COUNTY_OFFICE = "county_office"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The post in Chinese."""
        return LABELS[self]


LABELS: dict[Role, str] = {
    Role.GROUP_LEADER: "组长（网格长）",
    Role.CADRE: "村干部",
    Role.SUPERVISOR: "村务监督委员",
    Role.TOWNSHIP: "乡镇工作人员",
    Role.DEPARTMENT: "县直部门工作人员",
    Role.PETITION_OFFICE: "信访局",
    Role.COUNTY_OFFICE: "县六零办",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
}
# Whoever holds one of these reads everybody's matters, turns the second key of money, or makes others' accounts.
HIGH = frozenset(
    {Role.PETITION_OFFICE, Role.COUNTY_OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR},
)
ROLE_CHOICES = [(role.value, role.label) for role in Role]
