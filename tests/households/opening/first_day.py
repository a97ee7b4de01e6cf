"""A county's first day in the browser alone, with files as clerks make them: two townships, four villages, invented people."""

import base64
import re
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from django_otp.oath import totp

from households.intake.work import work
from households.models import ImportRun, PlateRun
from households.plates.actions import runs
from tests.browsing import says
from tests.households.intake.files_as_brought import workbook
from tests.rewards.awards.pdf_text import read

PASSWORD = "Songshu-47-he"
COUNTY, HILL, LAKE = "431081", "431081101", "431081102"
VILLAGES = {f"{HILL}201": "松岭村", f"{HILL}202": "竹坪村", f"{LAKE}201": "莲湖村", f"{LAKE}202": "桥头村"}
FIRST = f"{HILL}201"


class FirstDay:
    """`page` opens a new browser of its own; `site` is where; `folder` takes the files."""

    def __init__(self, new_page: Any, folder: Path) -> None:
        self.new_page, self.folder = new_page, folder

    def come_in(self, address: str, username: str, name: str, *, county: bool = False) -> Any:
        """Open a set-up address, set name and password, sign in, and bind a telephone."""
        page = self.new_page()
        page.goto(address)
        if county:
            page.get_by_label("县的代码").fill(COUNTY)
            page.get_by_label("县名").fill("资兴市")
        page.get_by_label("您的姓名").fill(name)
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_label("再输一次密码").fill(PASSWORD)
        page.get_by_role("button", name="设好，去登录").click()
        page.get_by_role("link", name="去登录").click()
        self.sign_in(page, username, PASSWORD)
        page.wait_for_selector(".page-heading")
        if page.get_by_role("button", name="开始绑定").count():  # the site of the tests asks nobody
            self.bind(page)
        return page

    def sign_in(self, page: Any, username: str, password: str) -> None:
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录").click()

    def bind(self, page: Any) -> None:
        """Bind a telephone by the key that the page spells."""
        page.get_by_role("button", name="开始绑定").click()
        spelled = page.locator("code.secret").inner_text().replace(" ", "")
        secret = base64.b32decode(spelled + "=" * (-len(spelled) % 8))
        page.get_by_label("手机上显示的六位数字").fill(f"{totp(secret):06}")
        page.get_by_role("button", name="完成绑定").click()
        page.get_by_role("link", name="我已收好").click()

    def bring(self, page: Any, slug: str, name: str, content: bytes, counted: str, *, by_worker: bool = False) -> None:
        """Hand a file in, look at the rehearsal, write it; `by_worker` what takes longer than a page may."""
        path = self.folder / name
        path.write_bytes(content)
        page.goto(f"/imports/{slug}/")
        page.get_by_label("文件（xlsx").set_input_files(path)
        page.get_by_role("button", name="交上来演练").click()
        says(page, "演练通过")
        says(page, counted)
        page.get_by_role("button", name="核对过了，写入").click()
        if by_worker:
            page.wait_for_selector("progress")
            with override_settings(
                PASSWORD_HASHERS=settings.PASSWORD_HASHERS[1:]
            ):  # as the site does, without the tests' own
                work(ImportRun.objects.latest("pk").pk)
        says(page, "导入完成")

    def next_step(self, page: Any, words: str) -> None:
        page.get_by_role("link", name="开县第一步").click()
        says(page, f"下一步：{words}。")

    def register(self, office: Any) -> None:
        """Divisions as GBK text, households as two workbooks, departments and linkages."""
        self.next_step(office, "区划")
        places = [(HILL, "松岭乡"), (LAKE, "莲湖镇"), *VILLAGES.items()]
        lines = [["资兴市区划表", "", ""], ["序号", "统计用区划代码", "名称"]]
        lines += [[str(at), code.ljust(12, "0"), name] for at, (code, name) in enumerate(places, start=1)]
        text = "\r\n".join(",".join(line) for line in lines).encode("gb18030")
        self.bring(office, "divisions", "区划.csv", text, "新增 6")
        self.next_step(office, "户")
        self.bring(office, "households", "松岭村.xlsx", _households([FIRST]), "新增 3")
        others = [village for village in VILLAGES if village != FIRST]
        self.bring(office, "households", "其余各村.xlsx", _households(others), "新增 9")
        self.next_step(office, "县直部门")
        self.bring(office, "departments", "部门.csv", "部门代码,单位名称\nLYJ,市林业局\n".encode("gb18030"), "新增 1")
        links = "".join(f"LYJ,{place}000,1,2026-01,\n" for place in (HILL, LAKE))
        header = "部门代码,联系村代码,权重,起始月份,截止月份\n"
        self.bring(office, "linkages", "联村.csv", (header + links).encode(), "新增 2")
        self.next_step(office, "账号")
        office.get_by_role("button", name="采用《").click()
        says(office, "本县采用", "body")

    def calendar(self, office: Any) -> None:
        """Looked at as it would run, then set: points are spent a day later."""
        office.get_by_role("link", name="开县第一步").click()
        office.get_by_role("main").get_by_role("link", name="日历", exact=True).click()
        field = office.get_by_label("兑换开始日")
        field.fill(str(int(field.input_value()) + 1))
        office.get_by_label("为什么改").fill("赶集的日子多")
        office.get_by_role("button", name="先看看会变什么").click()
        says(office, "有变化")
        office.get_by_role("button", name="核对过了，生效").click()
        says(office, "日历已改", "body")

    def plates(self, office: Any) -> list[list[str]]:
        """Of the whole county at once, made by the worker: the villages' files for the printer, and those with the first passwords."""
        office.get_by_role("link", name="开县第一步").click()
        office.get_by_role("link", name="成批制牌").click()
        office.get_by_label("给哪里制牌").select_option(label="全县")
        office.on("dialog", lambda dialog: dialog.accept())
        office.get_by_role("button", name="开始制牌").click()
        says(office, "个村做好")
        runs.work(PlateRun.objects.get().pk)
        says(office, "4 个村做好 4 个，12 块户牌")
        papers = []
        for name in ("下载松岭乡户牌", "下载松岭乡签收单", "取走松岭乡密码纸条"):
            with office.expect_download() as kept:
                office.get_by_label(name).click()
            with zipfile.ZipFile(kept.value.path()) as book:
                papers.append(book.namelist())
        return papers

    def accounts_by_file(self, admin: Any, people: dict[str, tuple[str, str]]) -> dict[str, str]:
        """Accounts (username to name and village) of cadres by file; their one-time passwords, read from the printed slips."""
        lines = ["办什么,姓名,电话,角色,所属,账号"]
        lines += [f"新增,{name},,村干部,{VILLAGES[village]},{username}" for username, (name, village) in people.items()]
        self.bring(
            admin, "accounts", "村干部.csv", "\r\n".join(lines).encode("gb18030"), f"新增 {len(people)}", by_worker=True
        )
        admin.goto("/accounts/slips/")
        with admin.expect_download() as kept:
            admin.get_by_role("link", name=f"第 1 到 {len(people)} 张").click()
        text = "".join(read(Path(kept.value.path()).read_bytes()))
        return {username: _password(text, username) for username in people}

    def open_account(self, admin: Any, role: str, place: str, name: str, username: str) -> str:
        """A new account; its one-time password."""
        admin.goto("/accounts/users/new/")
        admin.get_by_label("角色").select_option(label=role)
        admin.get_by_label("所属区划或部门").fill(place)
        admin.get_by_label("姓名").fill(name)
        admin.get_by_label("账号", exact=True).fill(username)
        admin.get_by_role("button", name="建立账号").click()
        return str(admin.locator("#one-time").inner_text())

    def declare(self, username: str, one_time: str) -> Any:
        """A cadre's first sign-in, plates, and the first month signed."""
        page = self.new_page()
        page.goto("/accounts/sign-in/")
        self.sign_in(page, username, one_time)
        page.get_by_label("现在的密码").fill(one_time)
        page.get_by_label("新密码", exact=True).fill("Qiaotou-58-li")
        page.get_by_label("再输一次新密码").fill("Qiaotou-58-li")
        page.get_by_role("button", name="换成新密码").click()
        page.get_by_role("link", name="月度台账").first.click()
        page.wait_for_selector("#sheet-list .sheet-group")
        page.click("#sheet-sign")
        page.click("#sign-go")
        says(page, "已申报", "body")
        return page


def _password(text: str, username: str) -> str:
    """Twelve signs behind the user name; what comes next may follow without a blank."""
    found = re.search(rf"账号：{username}一次性密码：(\S{{12}})", text)
    assert found, text
    return found[1]


def _households(villages: list[str]) -> bytes:
    """A list with a title over all columns, and the village's code merged over its rows."""
    rows: list[list[object]] = [
        ["农户花名册"],
        ["序号", "村代码", "组别", "户号", "户主姓名", "联系电话", "家庭住址", "备注"],
    ]
    merged = []
    for village in villages:
        first = len(rows) + 1
        for number, (group, head) in enumerate((("第1组", "甲"), ("第1组", "乙"), ("第二组", "丙")), start=1):
            name = f"{VILLAGES[village][:1]}{head}明"
            code = village if number == 1 else ""
            rows.append([len(rows) - 1, code, group, number, name, "", f"{VILLAGES[village]}{group}", ""])
        merged.append(f"B{first}:B{first + 2}")
    return workbook(rows, merged=tuple(merged))
