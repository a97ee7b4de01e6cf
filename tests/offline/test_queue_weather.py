"""The queue of operations in weather: seeded days of a telephone, played by Node against a server that fails in every way."""

import json
import subprocess
from typing import Any

import pytest

from dongkou.layout import BASE_DIR
from script.run_checks import NODE

STAGE, SCRIPT = BASE_DIR / "tests/offline/queue_weather.mjs", BASE_DIR / "static/js/ops.js"
SEEDS = 300  # of an ordinary run; 10,000 take a minute
KINDS = {
    "dropped before",
    "dropped after",
    "late",
    "twice",
    "half answered",
    "signed out",
    "killed before",
    "killed after",
    "clock",
    "full",
}
PLANTED = {
    "taken as answered though nobody answered": (
        "if (!result) item.state = WAITING;",
        "if (!result) await this.note(this.store.remove(item.op.op_id));",
    ),
    "forgotten when the line breaks": (
        'await this.mark(batch, fault.kind === "rejected" ? FAILED : WAITING, fault.message);',
        "for (const item of batch) await this.note(this.store.remove(item.op.op_id));",
    ),
    "sent under another id": (
        "const answer = await this.send(",
        "for (const item of batch) item.op.op_id = newId(); const answer = await this.send(",
    ),
    "promised before it is stored": ("throw new NotStored(fault);", "return;"),
    "lost with a page that is killed while it sends": (
        "if (item.state === SENDING || item.state === HELD) item.state = WAITING;",
        "if (item.state === SENDING) this.items = this.items.filter((other) => other !== item);",
    ),
}


def play(last: int, *planted: str) -> Any:
    order = [NODE, str(STAGE), str(SCRIPT), "0", str(last), *planted]
    said = subprocess.run(order, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_any_weather_loses_nothing_doubles_nothing_and_says_nothing_false() -> None:
    report = play(SEEDS)
    assert (report["wrong"], report["seeds"]) == ([], SEEDS)
    assert set(report["faults"]) == KINDS and min(report["faults"].values()) > SEEDS / 10


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_fault_planted_in_the_queue_is_noticed(planted: tuple[str, str]) -> None:
    assert play(SEEDS // 3, *planted)["wrong"]
