"""declare, roll_up, freeze and verify as an operator meets them: exit codes, and what is told where."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from households.house import trail
from households.imports.divisions import import_divisions
from households.imports.households import import_households
from households.models import Household
from petitions.house import checks as petitions
from scoring.checks.objections import OF_OBJECTIONS
from scoring.checks.points import OF_POINTS
from scoring.checks.scores import OF_A_MONTH, of_other_rooms
from scoring.models import DivisionScore, HouseholdScore, Period, PointEntry, Sheet
from scoring.sheets.events_import import import_events
from scoring.states import SheetState
from tests.petitions.desk import Desk
from tests.processes import manage
from tests.scoring.facts import line, marked, record
from tests.world import COUNTY, LONG_AFTER, MONTH, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: exit code, what stands on stdout, what on stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = 0
        try:
            call_command(*words)
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def declared() -> set[str]:
    return set(Sheet.objects.filter(period=MONTH, state=SheetState.DECLARED).values_list("village_id", flat=True))


def test_declare_takes_every_open_village_with_households(world: World, run: Run) -> None:
    Household.objects.filter(code__startswith=SISTER).delete()
    assert run("declare", MONTH) == (0, f"{MONTH} 申报了 2 个村，共 10 户。\n", "")
    assert declared() == {VILLAGE, STRANGE}


def test_declare_again_declares_nothing_more(world: World, run: Run) -> None:
    run("declare", MONTH)
    assert run("declare", MONTH) == (0, f"{MONTH} 申报了 0 个村，共 0 户。\n", "")


@pytest.mark.parametrize(
    "words", [[VILLAGE, SISTER], [f"{VILLAGE}", "--village", SISTER], ["４３０７２６２０１２０１", SISTER]]
)
def test_declare_takes_the_named_villages(world: World, run: Run, words: list[str]) -> None:
    assert run("declare", MONTH, "--village", *words)[0] == 0
    assert declared() == {VILLAGE, SISTER}


@pytest.mark.parametrize("code", ["430726201999", COUNTY, "430726201"])
def test_declare_refuses_what_is_no_village_of_ours(world: World, run: Run, code: str) -> None:
    assert run("declare", MONTH, "--village", VILLAGE, code) == (1, "", f"没有代码为 {code} 的村。\n")
    assert declared() == set()


def test_declare_refuses_a_named_village_that_has_declared(world: World, run: Run) -> None:
    world.declare(world.village)
    code, out, err = run("declare", MONTH, "--village", VILLAGE)
    assert (code, out) == (1, "")
    assert "已申报" in err


def test_declare_refuses_a_named_village_without_households(world: World, run: Run) -> None:
    Household.objects.filter(code__startswith=SISTER).delete()
    code, _, err = run("declare", MONTH, "--village", SISTER, VILLAGE)
    assert (code, declared()) == (1, set())
    assert "西河村" in err


def test_roll_up_clears_marks_of_every_level(world: World, run: Run) -> None:
    world.declare()
    record((COUNTY, "FF11"), (f"{VILLAGE}010001", "WR02"))
    assert run("roll_up", MONTH) == (0, f"{MONTH} 汇总完成：重算 3 个村，写入 12 户。\n", "")
    assert marked() == set()
    assert line(COUNTY).total == 1195 + 24


def test_roll_up_full_takes_every_village(world: World, run: Run) -> None:
    world.declare()
    run("roll_up", MONTH)
    assert "重算 0 个村" in run("roll_up", MONTH)[1]
    assert "重算 3 个村，写入 0 户" in run("roll_up", MONTH, "--full")[1]


def test_roll_up_opens_no_month_before_the_first(world: World, run: Run) -> None:
    assert run("roll_up", "2024-03")[0] == 1
    assert not Period.objects.filter(month="2024-03").exists()
    assert run("roll_up", "2024-06")[0] == 0
    assert DivisionScore.objects.filter(month="2024-06").count() == 10


@pytest.mark.parametrize("command", ["declare", "roll_up", "freeze", "clauses", "department_rankings"])
@pytest.mark.parametrize(("month", "reason"), [("2999-01", "还没有到"), ("2001-01", "没有已发布的考核细则")])
def test_month_that_cannot_be_is_refused(world: World, run: Run, command: str, month: str, reason: str) -> None:
    code, out, err = run(command, month)
    assert (code, out) == (1, "")
    assert reason in err
    assert not Period.objects.filter(month=month).exists()


@pytest.mark.parametrize(
    "words",
    [
        ["declare", "2024-13"],
        ["freeze", "May"],
        ["roll_up"],
        ["roll_up", "2024-5"],
        ["rankings", MONTH],
        ["rankings", MONTH, "household"],
        ["rankings", MONTH, "village", "--format", "xml"],
        ["clauses", MONTH, "--format", "yaml"],
        ["declare", MONTH, "--village", "12"],
        ["verify", "--month", "2024"],
        ["department_rankings", MONTH, "village"],
    ],
)
def test_wrong_arguments_are_wrong_arguments(world: World, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command(*words)


def test_freeze_by_force_says_what_it_did(world: World, run: Run) -> None:
    world.declare()
    assert run("freeze", MONTH, "--force") == (0, f"{MONTH} 锁定了 3 个村，记入 23 笔积分，存档 5 份排名。\n", "")


def test_freeze_again_is_done_and_does_nothing(world: World, run: Run) -> None:
    world.declare()
    run("freeze", MONTH, "--force")
    assert run("freeze", MONTH, "--force") == (0, f"{MONTH} 锁定了 0 个村，记入 0 笔积分，存档 0 份排名。\n", "")
    assert PointEntry.objects.count() == 23


def test_freeze_with_nothing_declared_is_refused(world: World, run: Run) -> None:
    for words in (["freeze", MONTH], ["freeze", MONTH, "--force"]):
        assert run(*words) == (1, "", f"{MONTH} 没有已申报的村，没有可锁定的。请先申报。\n")


def test_freeze_before_its_day_names_the_day(world: World, run: Run) -> None:
    world.declare()
    world.approve(world.village)
    late = datetime(2030, 6, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    Sheet.objects.filter(village=VILLAGE).update(state=SheetState.POSTED, posted_at=late)
    code, out, err = run("freeze", MONTH)
    assert (code, out) == (1, "")
    assert "2 个村已申报、1 个村公示中" in err
    assert "最早是6月18日" in err


def test_verify_prints_a_line_for_every_invariant(world: World, run: Run) -> None:
    world.frozen_once()
    code, out, err = run("verify", "--month", MONTH)
    assert (code, err) == (0, "")
    others = [sentence for sentence in out.splitlines() if not sentence.startswith("正常 ")]
    assert len(others) == 1 and others[0].startswith("注意 登录没有要求动态口令")  # tests sign in without
    of_scores = len(OF_A_MONTH) + len(("ranks",)) + len(OF_POINTS) + len(OF_OBJECTIONS) + len(of_other_rooms())
    of_households = ("telephones", "changes", "words to be found by", "contacts", "second factor", "erasing")
    of_trail = len(trail.EVERY_TIME) + len(trail.ONCE)
    one_each = len((*of_households, "changes of places", "linkages", "training villages"))
    assert len(out.splitlines()) == of_scores + len(petitions.CHECKS) + one_each + of_trail


def test_verify_counts_the_telephones_that_cannot_be_read(world: World, run: Run) -> None:
    there = Household.objects.filter(code__startswith=VILLAGE).order_by("code")
    count, first = there.update(phone=b"\x01" + b"0" * 40), there[0].code
    code, out, _ = run("verify", "--month", MONTH)
    assert code == 1
    assert f"不符 登记的电话都能读出：{count} 户的电话读不出，第一户是 {first}，请核对密钥" in out


def test_verify_asks_the_petitions_too(world: World, run: Run) -> None:
    petition = Desk(world).file()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_petition SET due_on = '2024-03-17' WHERE id = %s", [petition.pk])
    code, out, _ = run("verify", "--month", MONTH)
    assert code == 1
    assert f"：{petition.number}：到期日应为" in out


def test_verify_names_the_first_bad_row(world: World, run: Run) -> None:
    world.frozen_once()
    HouseholdScore.objects.filter(code__startswith=VILLAGE).update(score=99)
    code, out, _ = run("verify")
    assert code == 1
    [bad] = [
        sentence for sentence in out.splitlines() if "household_scores" in sentence and sentence.startswith("不符")
    ]
    assert f"{MONTH} {VILLAGE}010001 应为 score=100" in bad


def test_real_process_answers_with_exit_code_and_streams(transactional_db: None) -> None:
    from tests.processes import environment
    from tests.world import build

    build()
    done = manage("rankings", MONTH, "village", env=environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("code,name,households")
    refused = manage("freeze", MONTH, env=environment())
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"{MONTH} 没有已申报的村，没有可锁定的。请先申报。\n"
    wrong = manage("rankings", MONTH, "hamlet", env=environment())
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


def test_month_before_the_first_one_is_neither_opened_nor_declared(world: World, run: Run) -> None:
    months = list(Period.objects.values_list("month", flat=True))
    code, _, told = run("declare", "2024-01")
    assert (code, "2024-01 早于这里开始登记的月份（2024-04），不能补开" in told) == (1, True)
    assert list(Period.objects.values_list("month", flat=True)) == months
    assert not Sheet.objects.filter(period="2024-01").exists()


def test_month_before_the_first_one_is_refused_by_address_and_interface(world: World) -> None:
    cadre = world.client("cadre")
    answer = cadre.get(f"/api/v1/sheets/2024-01/{VILLAGE}/")
    assert (answer.status_code, answer.json()["code"]) == (422, "month_before_first")
    assert not Period.objects.filter(month="2024-01").exists()


@pytest.fixture
def village_elsewhere(world: World) -> str:
    """Code of a village with one household in another county, where nothing has been recorded yet."""
    county, township, village = "431121", "431121100", "431121100201"
    files = {
        "divisions": f"code,name\n{county},祁阳县\n{township},白水镇\n{village},双桥村\n",
        "households": f"division_code,group,household_no,head_name,phone,address\n{village},1,1,张三,,\n",
    }
    assert import_divisions(name="d.csv", data=files["divisions"].encode()).written
    assert import_households(name="h.csv", data=files["households"].encode(), today=LONG_AFTER).written
    return village


def test_county_that_begins_may_begin_before_the_others(world: World, run: Run, village_elsewhere: str) -> None:
    for month in ("2024-04", MONTH):
        world.sheet(month=month)
    for month in ("2024-03", "2024-04"):
        events = f"household_code,date,clause_code,document_no,note\n{village_elsewhere}010001,{month}-20,WJ02,,\n"
        assert import_events(name="e.csv", data=events.encode(), today=LONG_AFTER).written
    for month in ("2024-04", "2024-03"):
        assert run("declare", month, "--village", village_elsewhere)[0] == 0
    assert run("declare", "2024-02", "--village", village_elsewhere)[0] == 1


def test_first_month_is_the_countys_own(world: World, run: Run, village_elsewhere: str) -> None:
    """Another county that began earlier opens nothing here."""
    village = village_elsewhere
    for month in ("2024-04", MONTH):
        world.sheet(month=month)
    assert run("declare", "2024-06", "--village", village)[0] == 0
    code, _, told = run("declare", MONTH, "--village", village)
    assert (code, f"{MONTH} 早于这里开始登记的月份（2024-06）" in told) == (1, True)
    events = f"division_code,date,clause_code,document_no,note\n{village},{MONTH}-20,WJ02,,\n"
    assert (
        "早于这里开始登记的月份（2024-06）"
        in import_events(name="e.csv", data=events.encode(), today=LONG_AFTER).errors[0].sentence
    )
    assert not Sheet.objects.filter(period=MONTH, village=village).exists()


def test_page_of_a_month_before_the_first_one_is_refused(world: World) -> None:
    page = world.client("cadre").get("/village/sheet/2024-01/")
    assert (page.status_code, "早于这里开始登记的月份" in page.content.decode()) == (422, True)
