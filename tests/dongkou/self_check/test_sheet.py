"""The self-check sheet: what it sees, planted faults, and what it leaves to people."""

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dongkou.doctor.findings import DoctorVerdict
from dongkou.self_check import looks, looks_data, sheet
from dongkou.self_check.looks import LOOKS
from dongkou.self_check.requirements import REQUIREMENTS, RULEBOOKS
from households.models import AuditEvent, User
from households.roles import Role
from households.trail.actions import seal
from tests.world import World

pytestmark = pytest.mark.django_db
QUERIES = 81  # a look is a transaction of its own, so that one that fails leaves the others whole


def seen(name: str) -> list[tuple[DoctorVerdict, str]]:
    return [(one.health, one.told) for one in LOOKS[name]()]


def worst(name: str) -> DoctorVerdict:
    return max((health for health, _ in seen(name)), key=list(DoctorVerdict).index)


def test_every_look_is_asked_for_and_every_row_says_something() -> None:
    assert {name for one in REQUIREMENTS for name in one.looks} == LOOKS.keys()
    assert {one.rulebook for one in REQUIREMENTS} == RULEBOOKS.keys()
    assert [one.asked for one in REQUIREMENTS if not (one.looks or one.left or one.evidence)] == []
    assert len({(one.rulebook, one.head, one.asked) for one in REQUIREMENTS}) == len(REQUIREMENTS)


def test_settings_that_are_too_loose_are_noticed(world: World, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 1800
    assert seen("session") == [(DoctorVerdict.WELL, "不操作 30 分钟退出，最长 12 小时")]
    settings.SESSION_COOKIE_AGE = 60 * 240
    settings.AXES_FAILURE_LIMIT = 50
    settings.CONTACT = ""
    assert [worst(name) for name in ("session", "lockout", "contact")] == [DoctorVerdict.LOOK] * 3
    settings.PASSWORD_DAYS = 180
    assert worst("passwords") is DoctorVerdict.WELL


def test_second_factor_is_seen_as_it_is_asked_for(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset()
    assert "没有要求（机房设定）" in seen("second_factor")[0][1]
    settings.SECOND_FACTOR_ROLES = frozenset(Role)
    User.objects.update(is_demo=False)
    assert "没有绑定" in seen("second_factor")[0][1]
    User.objects.update(is_active=False)
    assert seen("second_factor") == [(DoctorVerdict.WELL, "要职账号都绑定了")]


def test_three_administrators_are_three_people(world: World) -> None:
    assert worst("administrators") is DoctorVerdict.WELL
    other = world.user(Role.SECURITY_ADMIN)
    User.objects.filter(role=Role.AUDITOR).update(display_name=other.display_name, phone=None)
    User.objects.filter(pk=other.pk).update(phone=None)
    assert seen("administrators")[0][1].endswith("有人兼任")
    User.objects.filter(role=Role.AUDITOR).update(is_active=False)
    assert seen("administrators") == [(DoctorVerdict.BAD, "系统管理员 1 个，安全管理员 1 个，审计员 0 个")]


def test_seal_that_is_late_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert worst("trail") is DoctorVerdict.LOOK
    seal()
    assert worst("trail") is DoctorVerdict.WELL
    monkeypatch.setattr(looks_data, "SEAL_LATE", timedelta(hours=-1))
    assert worst("trail") is DoctorVerdict.WELL, "nothing was written since"
    User.objects.filter(pk=world.user(Role.CADRE).pk).update(display_name="改了名")
    assert worst("trail") is DoctorVerdict.BAD


def test_open_text_in_a_sealed_column_is_noticed(world: World) -> None:
    assert worst("sealed") is DoctorVerdict.WELL
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_household SET phone = '13800000009'::bytea WHERE code = %s", [world.household.pk]
        )
    assert "households_household.phone" in seen("sealed")[0][1]


def test_column_that_counts_people_is_noticed(world: World) -> None:
    assert [worst(name) for name in ("staff", "commerce")] == [DoctorVerdict.WELL] * 2
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE households_user ADD sign_in_count integer, ADD fee numeric")
    assert [worst(name) for name in ("staff", "commerce")] == [DoctorVerdict.BAD] * 2


def test_other_version_than_pinned_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worst("versions") is DoctorVerdict.WELL
    real = looks_data.metadata.version
    monkeypatch.setattr(looks_data.metadata, "version", lambda name: "0.1" if name == "celery" else real(name))
    assert "celery" in seen("versions")[0][1]


def test_end_of_support_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    monkeypatch.setattr(looks_data, "PYTHON_UNTIL", {})
    monkeypatch.setattr(looks_data, "POSTGRESQL_UNTIL", {18: today - timedelta(days=1)})
    assert [health for health, _ in seen("supported")] == [DoctorVerdict.LOOK, DoctorVerdict.BAD]


def test_page_says_what_is_seen_and_what_is_left(world: World, django_assert_num_queries: Any, settings: Any) -> None:
    settings.PASSWORD_DAYS = 0
    client = world.client(Role.SECURITY_ADMIN)
    client.get(reverse("self-check"))
    with django_assert_num_queries(QUERIES):
        page = client.get(reverse("self-check")).content.decode()
    assert all(one.asked in page and one.left in page for one in REQUIREMENTS)
    assert "<strong>注意</strong>" in page and "请设置 DONGKOU_PASSWORD_DAYS" in page
    assert page.count('<td data-label="现在">') == len(REQUIREMENTS)


def test_it_names_nobody(world: World) -> None:
    AuditEvent.objects.create(action="account.create", actor="zhang", role="cadre", subject="张三丰")
    page = world.client(Role.SYSTEM_ADMIN).get(reverse("self-check")).content.decode()
    main = page[page.index("<main") :]
    assert [user.display_name for user in world.people.values() if user.display_name in main] == []


def test_command_prints_the_same(world: World, tmp_path: Path, settings: Any) -> None:
    file, said = tmp_path / "sheet.pdf", StringIO()
    with pytest.raises(SystemExit):
        call_command("self_check", format="json", pdf=file, stdout=said)
    rows = json.loads(said.getvalue())
    assert [row["asked"] for row in rows] == [one.asked for one in REQUIREMENTS]
    assert {row["verdict"] for row in rows} >= {"正常", "机器看不到"}
    with pikepdf.open(file) as paper:
        assert len(paper.pages) >= 3
    text = "\n".join(sheet.text(sheet.rows()))
    assert all(f"要人填：{one.left}" in text for one in REQUIREMENTS if one.left)


def test_database_that_fails_a_look_is_a_finding(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> looks.Findings:
        yield from ()
        connection.cursor().execute("SELECT nothing")

    monkeypatch.setitem(LOOKS, "audit", broken)
    row = next(one for one in sheet.rows() if one.requirement.looks == ("audit",))
    assert "没有回答（ProgrammingError）" in row.lines[0]


def test_filing_form_is_filled_and_leaves_people_their_fields(world: World, tmp_path: Path) -> None:
    said = StringIO()
    call_command("filing_form", format="csv", pdf=tmp_path / "f.pdf", xlsx=tmp_path / "f.xlsx", stdout=said)
    rows = {(row["部分"], row["项目"]): row for row in csv.DictReader(StringIO(said.getvalue().removeprefix("\ufeff")))}
    system = rows["等保备案：系统", "服务范围"]["内容"]
    assert system == "1 个县、2 个乡镇、3 个村、4 个组、12 户"
    assert rows["政务应用程序备案", "名称"]["内容"] == "石门县“六零”积分治理系统"
    assert rows["等保备案：单位", "单位名称"] | {"内容": "", "谁填": "请填写"} == rows["等保备案：单位", "单位名称"]
    assert not any("张三丰" in row["内容"] or "1380000" in row["内容"] for row in rows.values())
    assert (tmp_path / "f.pdf").read_bytes()[:5] == b"%PDF-" and (tmp_path / "f.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "start"), [("self-check-paper", b"%PDF-"), ("filing-form", b"%PDF-"), ("filing-form-table", b"PK")]
)
def test_page_gives_papers_away(world: World, name: str, start: bytes) -> None:
    client = world.client(Role.SYSTEM_ADMIN)
    assert client.get(reverse(name)).getvalue().startswith(start)
    assert reverse(name) in client.get(reverse("self-check")).content.decode()
