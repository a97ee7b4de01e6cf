"""The judge of `script/chaos` notices what was lost, doubled or is otherwise than acknowledged; the whole in short, long part."""

import subprocess
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from dongkou.layout import BASE_DIR
from households.roles import Role
from script.run_chaos import KINDS, arguments
from tests.attack.chaos import judge, strikes
from tests.attack.chaos.clients import Sent, Written
from tests.copies import administrator
from tests.scoring.points.asking import Asker, add, asker, op
from tests.world import VILLAGE, World

CODE = f"{VILLAGE}010001"


def sent(cadre: Asker, asked: dict[str, Any]) -> Sent:
    return Sent("sheet", asked, cadre.result(asked) | {"http": 200})


def tampered(sql: str) -> None:
    with administrator() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def scene(world: World) -> tuple[Asker, Written, dict[str, set[Any]]]:
    """Two entries, one of them withdrawn, all acknowledged."""
    before, cadre = judge.standing(), asker(world, Role.CADRE)
    stands, gone = add(CODE), add(f"{VILLAGE}010002")
    written = Written([sent(cadre, stands), sent(cadre, gone)])
    written.sent.append(sent(cadre, op("withdraw", of=gone["op_id"], reason="记错了户")))
    return cadre, written, before


def test_what_fits_is_not_complained_of(scene: Any) -> None:
    cadre, written, before = scene
    landed, never = add(f"{VILLAGE}010003"), add(f"{VILLAGE}010004")
    cadre.result(landed)
    written.sent += [Sent("sheet", landed), Sent("sheet", never)]  # nobody heard what became of them
    assert judge.judge(written, before) == []


WITHDRAWN = "UPDATE scoring_scoreevent SET withdrawn_at = {}, withdraw_reason = '{}' WHERE code = '{}'"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: tampered(f"DELETE FROM scoring_scoreevent WHERE code = '{CODE}'"), "is not there"),
        (lambda: tampered(WITHDRAWN.format("now()", "记错了户", CODE)), "nobody asked for it"),
        (lambda: tampered(WITHDRAWN.format("NULL", "", f"{VILLAGE}010002")), "and it stands"),
    ],
    ids=["lost", "withdrawn", "stands"],
)
def test_what_was_changed_is_noticed(scene: Any, spoil: Callable[[], None], said: str) -> None:
    _, written, before = scene
    spoil()
    [line] = judge.judge(written, before)
    assert said in line


def test_row_that_nobody_asked_for_is_noticed(scene: Any) -> None:
    cadre, written, before = scene
    cadre.result(add(f"{VILLAGE}010003"))
    assert judge.judge(written, before) == ["sheet: 3 rows came, 2 were asked for"]
    written.otherwise.append("one -> other")
    assert len(judge.judge(written, before)) == 2


def test_every_kind_is_struck_before_any_is_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strikes, "QUIET", (0, 0))
    monkeypatch.setattr(strikes, "struck", lambda _host, _kind, _rng: 1.0)
    left = [True] * (len(KINDS) + 1)
    host: Any = None
    taken = strikes.strike_until(host, Random(1), lambda: bool(left and left.pop()), list(KINDS))
    assert set(taken) == set(KINDS)
    assert sorted(map(len, taken.values())) == [1] * (len(KINDS) - 1) + [2]


def test_unknown_kinds_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["10", "1", "--kinds", "moon"])
    assert "known kinds" in capsys.readouterr().err


@pytest.mark.long
def test_nothing_is_lost_while_parts_are_killed() -> None:
    done = subprocess.run(
        [BASE_DIR / "script/chaos", "60", "7"], capture_output=True, text=True, check=False, timeout=900
    )
    assert (done.returncode, "0 lost, 0 doubled, verify clean" in done.stdout) == (0, True), done.stdout + done.stderr
