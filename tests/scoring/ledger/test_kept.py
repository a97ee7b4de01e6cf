"""Lists that were kept outside, held against a database in which everything was made anew."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring.ledger import roots
from scoring.ledger.kept import checked
from scoring.ledger.publishing import publish_roots
from tests.scoring.checks.tampering import NEW_HEAD, REHASH, tamper
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(world: World) -> dict[str, object]:
    """What somebody downloaded that evening."""
    world.frozen_once()
    [daily] = publish_roots().days
    return json.loads(json.dumps(roots.as_json(daily, roots.named_lines(daily))))


def said(kept: dict[str, object]) -> str:
    return " ".join(found.sentence for found in checked([kept]))


def test_untouched_database_agrees(kept: dict[str, object]) -> None:
    assert said(kept).startswith("正常")
    assert kept["trail"]["lines"] > 0


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (
            (f"UPDATE scoring_pointentry SET text = '改' WHERE chain = '{VILLAGE}' AND seq = 3", REHASH, NEW_HEAD),
            "的指纹和那天的不一样",
        ),
        ((f"DELETE FROM scoring_pointentry WHERE chain = '{VILLAGE}' AND seq = 11",), "行不见了"),
        (("UPDATE scoring_dailyroot SET root = repeat('0', 64)",), "日榜被换过"),
        (("DELETE FROM scoring_dailyroot",), "日榜不见了"),
        (("UPDATE households_trailseal SET head = repeat('0', 64)",), "留痕封条被换过"),
        (("DELETE FROM households_trailseal",), "留痕封条不见了"),
    ],
)
def test_what_was_made_anew_contradicts_it(kept: dict[str, object], statements: tuple[str, ...], words: str) -> None:
    tamper(*statements)
    assert words in said(kept)


def test_list_that_was_edited_is_not_believed(kept: dict[str, object]) -> None:
    kept["chains"][0]["size"] += 1
    assert "文件自己对不上" in said(kept)


def test_list_of_before_the_trail_is_taken(kept: dict[str, object]) -> None:
    del kept["trail"]
    assert said(kept).startswith("正常")


def test_command_holds_files_against_the_database(kept: dict[str, object], tmp_path: Path) -> None:
    path, out = tmp_path / "日榜.json", io.StringIO()
    path.write_text(json.dumps(kept), encoding="utf-8")
    call_command("verify", "--roots", str(path), stdout=out)
    assert f"正常 430726 {kept['day']} 保存在外面的积分日榜" in out.getvalue()
    tamper("DELETE FROM scoring_dailyroot")
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--roots", str(path), stdout=out)
    assert ended.value.code == 1


@pytest.mark.parametrize(
    "text",
    ["[]", '{"format": 1, "county": "430726", "day": "2024-06-01", "root": "", "chains": [{"chain": "x"}]}'],
    ids=["list", "cut"],
)
def test_file_that_is_no_list_is_refused(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="不是积分日榜"):
        call_command("verify", "--roots", str(path))
