"""The posts that accounts are made for."""

from django.db.models import TextChoices


class Role(TextChoices):
    GROUP_LEADER = "leader", "组长（网格长）"
    CADRE = "cadre", "村干部"
    SUPERVISOR = "supervisor", "村务监督委员"
    TOWNSHIP = "township", "乡镇工作人员"
    DEPARTMENT = "department", "县直部门工作人员"
    PETITION_OFFICE = "petition_office", "信访局"
    COUNTY_OFFICE = "county_office", "县六零办"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    AUDITOR = "auditor", "审计员"
