"""Accounts by file: rehearsed, made, corrected, moved and closed as one, with slips to cut apart."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from households.accounts import slips, slips_paper
from households.accounts.bulk import COLUMNS, import_accounts
from households.accounts.slips import A_FILE, AccountSlip
from households.files.exports import csv_text
from households.imports.problems import ImportReport
from households.intake.work import work
from households.models import AuditEvent, ImportRun, ImportState, Tenure, User
from households.refusals import Refused
from households.register.phones import read_kept
from households.roles import Role
from households.sql import counted
from tests.audit_failure import audit_down
from tests.world import VILLAGE, World

GROUP = f"{VILLAGE}01"


def file_of(*rows: tuple[str, ...]) -> bytes:
    return csv_text(COLUMNS, [dict(zip(COLUMNS, row, strict=True)) for row in rows]).encode()


def brought_in(world: World, *rows: tuple[str, ...], **more: object) -> tuple[ImportReport, list[AccountSlip]]:
    by, made = world.user(Role.SYSTEM_ADMIN), []
    given = {"name": "组长.csv", "data": file_of(*rows), "scope": by.scope, "hand_out": made.extend, "by": by}
    return import_accounts(**given | more), made


def told(report: ImportReport) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in report.errors]


def test_leaders_are_made_with_a_slip_each(world: World) -> None:
    """Place by code, by whole name, by village and group; the user name by pinyin where none is given."""
    report, made = brought_in(
        world,
        ("新增", "单雄", "13900001111", "组长", GROUP, ""),
        ("", "单雄", "", "", "壶瓶乡南坪村第1组", ""),
        ("新增", "李梅", "０７３９－７２２１２３４", "村干部", "南坪村", "limei"),
    )
    assert (report.refused, report.counts) == (False, {"新增": 3, "更正": 0, "停用": 0})
    users = {user.username: user for user in User.objects.filter(username__in=["shanxiong", "shanxiong2", "limei"])}
    assert [(users[one.username].display_name, one.post) for one in made] == [
        ("单雄", "东山村第1组 组长（网格长）"),
        ("单雄", "南坪村第1组 组长（网格长）"),
        ("李梅", "南坪村 村干部"),
    ]
    assert all(users[one.username].check_password(one.password) and one.until for one in made)
    assert all(user.must_change_password and user.one_time_until for user in users.values())
    assert read_kept(users["limei"].phone) == "0739-7221234"
    assert Tenure.objects.filter(user__in=users.values(), until=None).count() == 3
    line = AuditEvent.objects.get(action="accounts.import")
    assert (line.subject, line.detail["create"]) == ("组长.csv", 3)


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("单雄", "shanxiong"),
        ("仇英", "qiuying"),
        ("解红", "xiehong"),
        ("查明", "zhaming"),
        ("尉迟恭", "yuchigong"),
        ("吕布", "lvbu"),
        ("𠮷野", "jiye"),
        ("欧阳九州", "ouyangjiuzhou"),
    ],
)
def test_user_name_reads_a_surname_as_one(world: World, name: str, username: str) -> None:
    report, _made = brought_in(world, ("新增", name, "", "组长", GROUP, ""), dry_run=True)
    assert [note.reason for note in report.notes] == [f"账号定为 {username}"]


def test_rehearsal_tells_and_writes_nothing(world: World) -> None:
    before = User.objects.count()
    report, made = brought_in(world, ("新增", "王芳", "", "", GROUP, ""), dry_run=True)
    assert (report.counts["新增"], made, User.objects.count()) == (1, [], before)
    assert [(note.line, note.reason) for note in report.notes] == [(2, "账号定为 wangfang")]
    assert not AuditEvent.objects.filter(action="accounts.import").exists()


def test_people_are_corrected_moved_and_closed(world: World) -> None:
    leader, cadre = world.user(Role.GROUP_LEADER), world.user(Role.CADRE)
    session = world.client(leader)
    report, made = brought_in(
        world,
        ("更正", "新名", "13900001111", "村务监督委员", "西河村", leader.username),
        ("停用", "", "", "", "", cadre.username),
    )
    assert (report.counts, made) == ({"新增": 0, "更正": 1, "停用": 1}, [])
    leader.refresh_from_db()
    cadre.refresh_from_db()
    assert (leader.display_name, leader.role, leader.division.name) == ("新名", Role.SUPERVISOR, "西河村")
    assert (read_kept(leader.phone), cadre.is_active) == ("13900001111", False)
    assert session.get("/accounts/sign-ins/").status_code == 302


def test_empty_cells_leave_what_is_known(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    brought_in(world, ("更正", "", "13900001111", "", "", leader.username))
    name, role = leader.display_name, leader.role
    brought_in(world, ("", "", "", "", "", leader.username))
    leader.refresh_from_db()
    assert (leader.display_name, leader.role, read_kept(leader.phone)) == (name, role, "13900001111")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("新增", "", "", "", GROUP, ""), "display_name"),
        (("新增", "王芳", "12", "", GROUP, ""), "phone"),
        (("新增", "王芳", "", "皇帝", GROUP, ""), "role"),
        (("新增", "王芳", "", "审计员", "石门县", ""), "role"),
        (("新增", "王芳", "", "", "", ""), "place"),
        (("新增", "王芳", "", "", "天上村", ""), "place"),
        (("新增", "王芳", "", "", "西河村", ""), "place"),
        (("新增", "王芳", "", "", "第1组", ""), "place"),
        (("新增", "王芳", "", "", GROUP, "cadre"), "username"),
        (("新增", "王芳", "", "", GROUP, "a b"), "username"),
        (("更正", "王芳", "", "", GROUP, ""), "username"),
        (("停用", "", "", "", "", "auditor"), "role"),
        (("换掉", "王芳", "", "", GROUP, ""), "change"),
    ],
)
def test_fault_stands_beside_its_cell_and_nothing_is_written(world: World, row: tuple[str, ...], column: str) -> None:
    before = User.objects.count()
    report, made = brought_in(world, ("新增", "好人", "", "", GROUP, ""), row)
    assert told(report) == [(3, column)]
    assert (made, User.objects.count()) == ([], before)


def test_one_person_stands_in_a_file_once(world: World) -> None:
    report, _ = brought_in(world, ("更正", "甲", "", "", "", "leader"), ("停用", "", "", "", "", "leader"))
    assert told(report) == [(3, "username")]
    report, _ = brought_in(world, ("新增", "甲", "", "", GROUP, "jia"), ("新增", "乙", "", "", GROUP, "JIA"))
    assert told(report) == [(3, "username")]


def test_transaction_is_not_idle_while_passwords_are_made(world: World) -> None:
    """Two thousand take longer than a transaction in which nothing is asked may last."""
    told: list[int] = []
    with counted() as sent:

        def tell(doing: str, _share: float) -> None:
            told.extend([len(sent)] if "密码" in doing else [])

        brought_in(world, *[("新增", "王芳", "", "", GROUP, "")] * 3, tell=tell)
    assert len(set(told)) == len(told) == 3


def test_more_than_two_thousand_rows_are_refused(world: World) -> None:
    report, _ = brought_in(world, *[("新增", "甲", "", "", GROUP, "")] * 2001)
    assert "最多 2000 行" in report.errors[0].reason


def test_what_cannot_be_printed_or_logged_is_not_made(world: World) -> None:
    def broken(_slips: object) -> None:
        raise Refused("unavailable", "没有纸。")

    row = ("新增", "王芳", "", "", GROUP, "wangfang")
    with pytest.raises(Refused, match="没有纸"):
        brought_in(world, row, hand_out=broken)
    with audit_down(after=1):
        brought_in(world, row)
    assert not User.objects.filter(username="wangfang").exists()


def test_slips_wait_sealed_for_who_made_them_alone(world: World) -> None:
    by, other = world.user(Role.SYSTEM_ADMIN), world.user(Role.SECURITY_ADMIN)
    first, second = (AccountSlip(name, "西河村 村干部", name, "Songshu-47-he", "明天") for name in ("甲", "乙"))
    slips.keep([first], by=by)
    slips.keep([second], by=by)
    assert slips.read(by=by) == [first, second]
    assert slips.read(by=other) == []
    assert b"Songshu" not in bytes(cache.get(f"account-slips:{by.pk}"))
    slips.forget(by=by)
    assert slips.read(by=by) == []


def test_every_slip_is_on_paper_and_none_is_cut_by_a_page() -> None:
    listed = [
        AccountSlip(f"某{n}", "西河村第1组 组长（网格长）", f"user{n}", "Ab3-Cd4-Ef5x", "明天")
        for n in range(A_FILE + 1)
    ]
    with pikepdf.open(BytesIO(slips_paper.pdf(listed))) as paper:
        assert 20 <= len(paper.pages) <= 34


def test_command_makes_accounts_and_writes_the_slips(world: World, tmp_path: Path) -> None:
    file, paper = tmp_path / "组长.csv", tmp_path / "登录单.pdf"
    file.write_bytes(file_of(("新增", "王芳", "", "", GROUP, "")))
    call_command("create_accounts", str(file), dry_run=True)
    assert not User.objects.filter(username="wangfang").exists()
    with pytest.raises(SystemExit) as refused:
        call_command("create_accounts", str(file))
    assert (refused.value.code, User.objects.filter(username="wangfang").exists()) == (1, False)
    call_command("create_accounts", str(file), slips=paper)
    assert User.objects.get(username="wangfang").division_id == GROUP
    assert (paper.read_bytes()[:5], oct(paper.stat().st_mode & 0o777)) == (b"%PDF-", "0o600")


def test_file_is_brought_in_by_the_browser_and_written_behind_it(world: World) -> None:
    """Hashing takes long however small the file, so pressing the button only asks for it."""
    client = world.client(Role.SYSTEM_ADMIN)
    upload = SimpleUploadedFile("组长.csv", file_of(("新增", "王芳", "", "", GROUP, "")))
    address = client.post(reverse("import-file", args=["accounts"]), {"file": upload})["Location"]
    assert "账号定为 wangfang" in client.get(address).content.decode()
    run = ImportRun.objects.get()
    client.post(reverse("write-import", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, User.objects.filter(username="wangfang").exists()) == (ImportState.WRITING, False)
    work(run.pk)
    assert User.objects.get(username="wangfang").handed_by == world.user(Role.SYSTEM_ADMIN)
    assert "登录单" in client.get(address).content.decode()
    assert "第 1 到 1 张" in client.get(reverse("account-slips")).content.decode()
    paper = client.get(reverse("account-slips"), {"part": 1})
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    client.post(reverse("forget-account-slips"))
    assert "没有等着打印的登录单" in client.get(reverse("account-slips")).content.decode()


def test_faults_come_back_beside_the_cells(world: World) -> None:
    client = world.client(Role.SYSTEM_ADMIN)
    upload = SimpleUploadedFile("组长.csv", file_of(("新增", "王芳", "12", "", GROUP, "")))
    address = client.post(reverse("import-file", args=["accounts"]), {"file": upload})["Location"]
    assert "电话有 2 位数字" in client.get(address).content.decode()
    assert client.get(reverse("import-marked", args=[ImportRun.objects.get().pk])).content[:2] == b"PK"
    assert client.get(reverse("import-template", args=["accounts"])).content[:2] == b"PK"
