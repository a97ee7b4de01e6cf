"""The sentences of an explained due date."""

import pytest

from petitions.clock_types import ClockKey
from petitions.clocks.clocks import clocks
from petitions.clocks.explain import explain_clock, for_filer
from tests.petitions.clocks.days import clock, history, line, on

K = ClockKey
FILED = line("file", "2024-03-01", way="page")


def texts(key: ClockKey, *lines, today: str = "2024-03-10") -> list[str]:
    return [each.text for each in explain_clock(clock(key, *lines), on(today)).lines]


def test_spring_festival_is_explained_in_the_order_of_the_calendar() -> None:
    assert texts(K.REPLY, line("file", "2024-02-01", way="hotline", demand="complaint")) == [
        "2024年2月1日（周四）提交，从第二天起计算。",
        "期限 13 个工作日（县里定的期限），周末和法定节假日不算，调休上班日照算。",
        "2024年2月4日（周日）调休上班，算 1 个工作日。",
        "2024年2月10日至2月17日春节放假，不算（8 天）。",
        "2024年2月18日（周日）调休上班，算 1 个工作日。",
        "其余周末不算（1 天）。",
        "到期日：2024年2月23日（周五），到当天 24 时为止。",
    ]


def test_pause_and_extension_are_explained_with_reasons() -> None:
    lines = [FILED, line("accept", "2024-03-05"), line("pause", "2024-03-10", told="等待鉴定")]
    lines += [line("resume", "2024-03-12"), line("extend", "2024-04-20", told="要请专家", days=20)]
    assert texts(K.HANDLE, *lines)[2:] == [
        "2024年3月10日至3月11日暂停计时：等待鉴定。不算（2 天）。",
        "2024年4月20日（周六）批准延期 20 天：要请专家。",
        "到期日：2024年5月26日（周日），到当天 24 时为止。",
        "这一天不上班，期限也不顺延，要提前办完。",
    ]


def test_unknown_year_is_explained() -> None:
    found = texts(K.REPLY, line("file", "2099-09-30", way="rednet", demand="consult"))
    assert any("还没有公布" in text for text in found)


def test_pause_that_lasts_has_no_due_day() -> None:
    shown = explain_clock(clock(K.ACCEPT, FILED, line("pause", "2024-03-05", told="等待补充材料")), on("2024-03-10"))
    assert (shown.status, shown.left) == ("暂停计时", None)
    assert "恢复后按剩下的天数重新算出" in shown.lines[-1].text


def test_merged_case_says_where_the_days_go() -> None:
    assert texts(K.ACCEPT, FILED, line("merge", "2024-03-08"))[-1] == (
        "2024年3月8日（周五）已并入另一件，期限按并入的那一件计算。"
    )


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("withdraw", "来信人撤回，不再计算"),
        ("redirect", "转其他途径，不再计算"),
        ("not_accept", "已告知不予受理"),
    ],
)
def test_clock_that_ends_otherwise_says_how(end: str, words: str) -> None:
    assert words in texts(K.ACCEPT, FILED, line(end, "2024-03-08"))[-1]


def test_status_counts_the_days() -> None:
    found = clock(K.ACCEPT, FILED)
    assert [explain_clock(found, on(day)).status for day in ("2024-03-14", "2024-03-16", "2024-03-18")] == [
        "还有 2 天",
        "今天到期",
        "已超期 2 天",
    ]


def test_late_end_is_said() -> None:
    lines = [FILED, line("accept", "2024-03-18")]
    assert texts(K.ACCEPT, *lines)[-1] == "2024年3月18日（周一）已受理，超期 2 天。"
    assert explain_clock(clock(K.ACCEPT, *lines), on("2024-03-20")).status == "已完成，超期"


def test_second_round_is_named() -> None:
    lines = [FILED, line("accept", "2024-03-05"), line("answer", "2024-03-20"), line("reopen", "2024-03-25")]
    shown = explain_clock(clock(K.HANDLE, *lines), on("2024-03-26"))
    assert shown.label == "办理答复（第 2 轮）"
    assert "没有解决" in shown.lines[0].text


def test_filer_does_not_see_contests() -> None:
    found = clocks(history(FILED, line("accept", "2024-03-05"), line("assign", "2024-03-06")))
    keys = [each.clock.key for each in for_filer([explain_clock(each, on("2024-03-10")) for each in found])]
    assert keys == [K.ACCEPT, K.HANDLE]
