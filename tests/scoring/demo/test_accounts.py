"""The demo's accounts and the paper that names them."""

import stat
from pathlib import Path

import pytest

from households.models import Division, User
from households.register.phones import decrypt
from households.roles import Role
from scoring.demo import accounts
from scoring.demo.accounts import DemoAccount, Door, Job
from tests.world import World


def test_passwords_are_random_and_easy_to_copy() -> None:
    passwords = {accounts.new_password() for _ in range(500)}
    assert len(passwords) == 500
    assert all(len(password) == 17 and not set(password) & set("0O1lI") for password in passwords)


def test_accounts_are_marked_and_open_with_their_password(world: World) -> None:
    (made,) = accounts.make([Job("demo-cadre", "周冬华", Role.CADRE, world.village)])
    user = User.objects.get(username="demo-cadre")
    assert user.is_demo
    assert not user.must_change_password
    assert user.check_password(made.password)
    assert decrypt(user.phone).startswith("154")  # a household is told its group leader's number: it must reach nobody
    assert (made.user, made.place) == (user, "东山村")


def test_group_is_named_with_its_village(world: World) -> None:
    group = Division.objects.get(code=f"{world.village.code}01")
    (made,) = accounts.make([Job("demo-leader", "石国满", Role.GROUP_LEADER, group)])
    assert made.place == "东山村第1组"


def test_columns_line_up_on_a_screen() -> None:
    lines = accounts.columns([("角色", "x"), ("a", "账号"), ("县六零办", "z")])
    assert lines == ["角色      x", "a         账号", "县六零办  z"]


def test_paper_names_jobs_passwords_and_doors(world: World, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    accounts.write(paper, accounts.people_text([DemoAccount(world.user("cadre"), "abcde-fghjk-mnpqr", "东山村")]))
    accounts.add_doors(paper, [Door("东山村（六零）", "/h/token/", "582041")])
    text = paper.read_text(encoding="utf-8")
    for words in ("村干部", "abcde-fghjk-mnpqr", "东山村", "/h/token/", "582041", "数据都是虚构的"):
        assert words in text


def test_doors_written_again_replace_the_ones_before(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    for token in ("first", "second"):
        accounts.add_doors(paper, [Door("东山村", f"/h/{token}/", "582041")])
    assert "first" not in paper.read_text(encoding="utf-8")


def test_paper_is_for_its_owner_only(tmp_path: Path) -> None:
    paper = tmp_path / "deep" / "demo-accounts.txt"
    accounts.write(paper, "一")
    accounts.write(paper, "二")
    assert paper.read_text(encoding="utf-8") == "二"
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    assert [path.name for path in paper.parent.iterdir()] == ["demo-accounts.txt"]


def test_paper_is_never_open_to_others_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    replace = Path.replace

    def look(self: Path, target: Path) -> Path:
        seen.append(stat.S_IMODE(self.stat().st_mode))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    accounts.write(tmp_path / "paper.txt", "密码")
    assert seen == [0o600]
