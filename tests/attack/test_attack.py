"""The attacks of `script/attack` in short, against the running site: what they try is held off, and they notice what is not."""

import random
from collections.abc import Iterator

import pytest
from django.conf import settings

from households.audience import Audience
from households.permissions import Permission
from households.roles import Role
from script import run_attack
from tests.addresses import View
from tests.attack import doors, suite, walking
from tests.attack.loopback import NotHere, loopback
from tests.attack.visitor import LOST, Answer, Figure, Person, Target, Visitor
from tests.plates import own_plate
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 6  # of each part; how much is tried in them is not what is asserted


@pytest.fixture
def target(live_site: str, world: World) -> Iterator[Target]:
    """The running site with the small world, everybody signed in."""
    name = settings.SESSION_COOKIE_NAME
    people = []
    for role, user in world.people.items():
        visitor = Visitor(live_site, {name: world.client(user).cookies[name].value})
        people.append(Person(user.username, Role(role), sorted(user.scope.prefixes), visitor))
    plate, pin = own_plate(world.household)
    return Target(live_site, people, [(f"/h/{plate.token}/", pin)])


@pytest.mark.parametrize("part", [walking.walk, walking.writes, walking.fuzz], ids=["walk", "writes", "fuzz"])
def test_nothing_comes_through(target: Target, part: object) -> None:
    [figure] = part(target, random.Random(1), SECONDS)
    assert (figure.through, figure.tries > 0) == ([], True)


def test_guesses_open_nothing_and_shut_nobody_out(target: Target) -> None:
    figures = doors.doors(target, random.Random(1), SECONDS)
    assert [figure.through for figure in figures] == [[] for _ in figures]
    assert figures[0].tries == doors.GUESSES


def test_open_page_of_a_stranger_is_a_fault() -> None:
    """The judge notices what a walk is for: a right that is missing, a place that is not one's own, a broken page."""
    view = View("sheet", ("village",), Audience(Permission.SEE_SHEET))
    address = walking.Address("/sheets/", view, (VILLAGE,))
    of = {role: Person(role, role, [VILLAGE], Visitor("http://127.0.0.1:1")) for role in Role}
    stranger = Person("stranger", Role.CADRE, ["430726201999"], Visitor("http://127.0.0.1:1"))
    shown = Answer(200, "")
    assert walking.fault(of[Role.CADRE], address, shown) == ""
    assert all(walking.fault(who, address, shown) for who in (None, of[Role.SYSTEM_ADMIN], stranger))
    assert all(walking.fault(of[Role.CADRE], address, Answer(status, "")) for status in (500, LOST))
    assert walking.fault(stranger, address, Answer(404, "")) == ""


@pytest.mark.parametrize(
    "base", ["http://10.1.2.3:8000", "https://127.0.0.1", "http://example.cn", "http://127.0.0.1.example.cn", "x"]
)
def test_no_other_machine_is_attacked(base: str, tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotHere):
        loopback(base)
    paper = tmp_path / "accounts.txt"
    paper.write_text("")
    with pytest.raises(SystemExit, match="2"):
        run_attack.main(["--base", base, "--accounts", str(paper)])
    assert "只攻击本机" in capsys.readouterr().err


def test_what_came_through_is_told() -> None:
    figure = Figure("a door")
    for fault in ("", "500 /", ""):
        figure.note(fault)
    assert (figure.tries, suite.told(figure.through)) == (3, ": 500 /")


def test_accounts_and_plates_are_read_from_the_papers_lines() -> None:
    paper = "角色  账号  密码  姓名\n村干部  cunganbu1  ssf32-c53xe-2r6uv  赵水贵\n\n云峰村 4305（守住）  /h/c7YlcdUR4w/  781216\n"
    assert suite.PERSON.findall(paper) == [("村干部", "cunganbu1", "ssf32-c53xe-2r6uv")]
    assert suite.DOOR.findall(paper) == [("/h/c7YlcdUR4w/", "781216")]
