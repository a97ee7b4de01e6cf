"""The benchmark in small: it runs to its end, compares equal rows, and leaves the server as it found it."""

import subprocess
import sys

import pytest

from dongkou.layout import BASE_DIR
from households.sql import column
from scoring.bench.results import Result, ratio, table
from scoring.bench.run import sized
from scoring.bench.stage import percentile
from tests.processes import environment

JOBS = (
    *("导入户名册", "全县汇总，首次", "全县汇总，重算", "全县锁定", "核对账链", "打开 16 户的台账", "同步 10 条例外"),
    *(
        "排名页",
        "户牌页面",
        "24 个村同时申报",
        "进度页，县六零办，24 个村",
        "进度页，乡镇工作人员，1 个村",
        "待办和消息，10 种岗位",
        "找户（384 户",
        "区划调整，16 户换编号",
        "兑换（预订加领取）",
        "（全部 384 户）",
        "（全部 768 户）",
        "（前面有 120 个月）",
        "全县锁定，2 个工人分着做",
        "一个县一年（每 10 万户）",
    ),
    *("信访列表，信访局", "信访检索，承办单位", "信访件页面", "列表，2 倍的件数", "导入 200 件信访清单"),
)


def databases() -> list[str]:
    return column("SELECT datname FROM pg_database ORDER BY datname")


@pytest.mark.long
@pytest.mark.django_db
def test_small_benchmark_prints_every_job_and_leaves_nothing_behind() -> None:
    before = databases()
    command = [sys.executable, str(BASE_DIR / "manage.py"), "bench", "--quick"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    assert [job for job in JOBS if job not in done.stdout] == []
    assert "0 处差错" in done.stdout
    assert databases() == before


def test_ratio_says_whether_the_target_is_met() -> None:
    met, missed = (ratio("汇总", ours, 1.0, at_most=1.5, what="手写 SQL") for ours in (1.5, 1.6))
    assert (met.met, met.ratio, met.ours, met.bare) == (True, "1.50", "1.50 s", "1.00 s 手写 SQL")
    assert missed.met is False


def test_short_times_are_told_in_milliseconds() -> None:
    assert ratio("一个村", 0.0194, 0.02, at_most=1, what="").ours == "19.4 ms"


def test_columns_line_up_with_chinese_text() -> None:
    lines = table([Result("汇总", "1 s", "2 s", "0.50", "≤ 1", True), Result("ab", "1 s", "2 s", "0.50", "≤ 1", False)])
    head, first, second = lines.splitlines()
    assert head.startswith("工作  本系统")
    assert first.startswith("汇总  1 s")
    assert second.startswith("ab    1 s")


@pytest.mark.parametrize(("households", "per_village"), [(None, 637), (364 * 20, 20), (1, 16)])
def test_households_are_spread_over_the_villages(households: int | None, per_village: int) -> None:
    assert sized(households, quick=False).shape.per_village == per_village


def test_whole_county_has_the_size_of_the_real_one() -> None:
    assert sized(None, quick=False).shape.households == 231_868


def test_percentile_is_one_of_the_values() -> None:
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0
    assert percentile([3.0], 0.95) == 3.0
