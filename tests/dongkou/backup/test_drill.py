"""A drill on a data folder as `script/run` makes it: what it prints, files and finds."""

import os
from pathlib import Path

import pytest

from dongkou import servers
from dongkou.backup import actions, making
from dongkou.backup.figures import differences, figures
from households.models import AuditEvent, Household
from households.refusals import Refused
from scoring.models import DivisionScore
from tests.dongkou.setup.folders import BOTH, ask
from tests.processes import manage
from tests.world import MONTH

pytestmark = pytest.mark.django_db


def test_drill_restores_verifies_compares_and_files_its_paper(ready_layout):
    folder = ready_layout.data / "copies"
    found = {**os.environ, "DONGKOU_DATA": str(ready_layout.data), "DONGKOU_BACKUP": str(folder)}
    found.pop("PYTHONPATH", None)  # as an operator's shell is
    with servers.using(ready_layout, BOTH):
        made = manage("backup", env=found)
        assert made.stdout.startswith("备份完成（全量）"), made.stderr
        told = manage("drill", env=found)
        assert told.returncode == 0, told.stdout + told.stderr
        assert "RPO" in told.stdout and told.stdout.rstrip().endswith("与备份前一致。")
        (paper,) = (folder / "certificates").iterdir()
        assert paper.read_bytes().startswith(b"%PDF")
        assert [path.name for path in folder.iterdir() if path.name.startswith("drill-")] == []
        assert list((folder / "wal").glob("*.history*")) == []  # the rehearsed branch left nothing in the log
        assert ask(ready_layout, "SELECT count(*) FROM households_auditevent WHERE action LIKE 'backup.%'") == [2]
        # What a copy lacks of what stood there before is a finding.
        missing = {"schema": "", "rows": {"households_household": 1}, "snapshots": {}, "totals": {}, "roots": []}
        making.take(ready_layout, folder, missing)
        told = manage("drill", env=found)
        assert told.returncode == 1
        assert "households_household 备份前 1 行，恢复后 0 行" in told.stdout


def test_differences_name_what_is_less_and_what_is_other():
    before = {
        "schema": "s",
        "rows": {"a": 2, "b": 3},
        "snapshots": {"2026-09 county": "d1", "2026-09 village": "d2"},
        "totals": {"2026-09 430525": [10, 990]},
    }
    after = {
        **before,
        "rows": {"a": 5, "b": 2},
        "snapshots": {"2026-09 county": "d1"},
        "totals": {"2026-09 430525": [10, 991]},
    }
    assert list(differences(before, {**before, "rows": {"a": 2, "b": 4}})) == []
    assert list(differences(before, after)) == [
        "b 备份前 3 行，恢复后 2 行",
        "排名存档 2026-09 village 备份前 d2，恢复后 没有",
        "已锁定的月份 2026-09 430525 备份前 [10, 990]，恢复后 [10, 991]",
    ]
    assert list(differences(before, {**before, "schema": "t"})) == ["恢复后的数据库是另一个版本的"]


def test_figures_hold_the_frozen_month(world):
    world.frozen_month()
    found = figures()
    county = DivisionScore.objects.get(month=MONTH, code=world.county.code)
    assert found["totals"] == {f"{MONTH} {county.code}": [county.households, county.total]}
    assert {name.split()[0] for name in found["snapshots"]} == {MONTH}
    assert found["rows"]["households_household"] == Household.objects.count()


def test_without_a_folder_the_task_says_so(settings):
    settings.BACKUP_FOLDER = None
    with pytest.raises(Refused, match="DONGKOU_BACKUP"):
        actions.back_up()
    assert not AuditEvent.objects.filter(action="backup.make").exists()


def test_another_server_is_left_to_its_own_tools(settings, monkeypatch):
    settings.BACKUP_FOLDER = Path("/nowhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/dongkou")
    with pytest.raises(Refused, match="pgBackRest"):
        actions.back_up()
