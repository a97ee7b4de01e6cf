"""The alerts and the dashboard that are shipped ask for figures that there are, and every figure is asked for by one of them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from script.prepare import UNPACKED, unpack

DEPLOY = settings.BASE_DIR / "docs/deploy"
NAMES = re.compile(r"\bdongkou_\w+")
ENDS = {"counter": "_total", "histogram": "_bucket"}  # of the sample that is asked for


def rules() -> list[dict[str, str]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> list[str]:
    panels = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def asked(texts: list[str]) -> set[str]:
    return {name for text in texts for name in NAMES.findall(text)}


@pytest.fixture
def told(db: None, settings: object, tmp_path: Path) -> set[str]:
    """Every name that /metrics knows, with a folder of backups, also of what has not been counted yet."""
    settings.BACKUP_FOLDER = tmp_path
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    return {family.name + ENDS.get(family.type, "") for family in families}


def test_rules_and_dashboard_ask_for_what_there_is(told: set[str]) -> None:
    assert asked([rule["expr"] for rule in rules()]) - told == set()
    assert asked(queries()) - told == set()
    assert asked(["max(dongkou_of_nowhere) > 1"]) - told == {"dongkou_of_nowhere"}


def test_every_figure_is_on_the_dashboard(told: set[str]) -> None:
    ours = {name for name in told if name.startswith("dongkou_") and not name.endswith("_created")}
    assert {"dongkou_reads_total", "dongkou_replica_up", "dongkou_request_seconds_bucket"} <= ours
    assert ours - asked(queries()) == set()


def test_every_rule_says_how_bad_it_is_and_what_to_tell() -> None:
    found = rules()
    assert len({rule["alert"] for rule in found}) == len(found) > 10
    for rule in found:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])


def promtool() -> Iterator[str]:
    yield from filter(None, [shutil.which("promtool"), shutil.which("promtool", path=f"{UNPACKED}/usr/bin")])


@pytest.mark.long
def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    """Debian's promtool says so, and notices a planted fault."""
    if not next(promtool(), None):
        unpack("prometheus")
    tool = next(promtool())
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        (DEPLOY / "alerts.yaml").read_text(encoding="utf-8").replace("== 0", "=== 0", 1), encoding="utf-8"
    )
    checked = [
        subprocess.run([tool, "check", "rules", str(path)], capture_output=True, text=True, check=False)
        for path in (DEPLOY / "alerts.yaml", broken)
    ]
    assert (checked[0].returncode, f"{len(rules())} rules found" in checked[0].stdout) == (0, True), checked[0].stderr
    assert checked[1].returncode == 1
