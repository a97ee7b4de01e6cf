"""The sentences of an explained due date."""

import pytest

from petitions.clock_types import ClockKey
from petitions.clocks.clocks import clocks
from petitions.clocks.explain import explain_clock, for_filer
from tests.petitions.clocks.histories import clock, history, line, on

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


def test_end_on_the_day_after_is_late_by_one() -> None:
    assert texts(K.ACCEPT, FILED, line("accept", "2024-03-16"))[-1] == "2024年3月16日（周六）已受理。"
    assert texts(K.ACCEPT, FILED, line("accept", "2024-03-17"))[-1] == "2024年3月17日（周日）已受理，超期 1 天。"


def test_second_round_is_named() -> None:
    lines = [FILED, line("accept", "2024-03-05"), line("answer", "2024-03-20"), line("reopen", "2024-03-25")]
    shown = explain_clock(clock(K.HANDLE, *lines), on("2024-03-26"))
    assert shown.label == "办理答复（第 2 轮）"
    assert "没有解决" in shown.lines[0].text


ANSWERED = [FILED, line("accept", "2024-03-05"), line("assign", "2024-03-06"), line("answer", "2024-03-20")]
REVIEWED = [*ANSWERED, line("ask_review", "2024-03-25"), line("review", "2024-04-10")]


@pytest.mark.parametrize(
    ("key", "lines", "begun"),
    [
        (K.ACCEPT, [FILED], "2024年3月1日（周五）提交"),
        (K.ACCEPT, [FILED, line("merge", "2024-03-04"), line("unmerge", "2024-03-06")], "取消并案，重新登记"),
        (K.HANDLE, ANSWERED, "2024年3月5日（周二）受理"),
        (K.HANDLE, [*ANSWERED, line("reopen", "2024-03-25")], "来信人反映没有解决，重新办理"),
        (K.CONTEST, ANSWERED, "2024年3月6日（周三）交办"),
        (K.OBJECT, ANSWERED, "2024年3月20日（周三）答复，从第二天"),
        (K.REVIEW, REVIEWED, "2024年3月25日（周一）申请复查"),
        (K.ASK_FINAL_REVIEW, REVIEWED, "2024年4月10日（周三）答复复查"),
        (K.FINAL_REVIEW, [*REVIEWED, line("ask_final_review", "2024-04-20")], "2024年4月20日（周六）申请复核"),
    ],
)
def test_first_line_says_what_began_the_clock(key: ClockKey, lines: list, begun: str) -> None:
    assert begun in texts(key, *lines)[0]


def test_days_made_up_count_one_each() -> None:
    found = explain_clock(
        clock(K.REPLY, line("file", "2024-02-01", way="hotline", demand="complaint")), on("2024-03-01")
    )
    assert [(each.sort, each.days) for each in found.lines if each.sort in ("made_up", "off")] == [
        ("made_up", 1),
        ("off", 8),
        ("made_up", 1),
        ("off", 1),
    ]


def test_pauses_are_told_while_they_last_and_when_they_cost_nothing() -> None:
    paused = line("pause", "2024-03-05T09:00", told="等待鉴定")
    assert "2024年3月5日（周二）起暂停计时：等待鉴定。恢复以前的日子不算。" in texts(K.ACCEPT, FILED, paused)
    resumed = line("resume", "2024-03-05T17:00")
    assert "2024年3月5日（周二）暂停计时，当天恢复：等待鉴定。没有少算日子。" in texts(K.ACCEPT, FILED, paused, resumed)


def test_clock_that_ended_in_a_pause_was_not_late() -> None:
    found = texts(K.ACCEPT, FILED, line("pause", "2024-03-05"), line("withdraw", "2024-05-05"))
    assert found[-1] == "2024年5月5日（周日）来信人撤回，不再计算。"


def test_right_that_passed_was_late_for_nobody() -> None:
    lines = [*ANSWERED, line("confirm", "2024-04-20")]
    assert texts(K.OBJECT, *lines)[-1] == "2024年4月20日（周六）已确认已解决。"
    assert explain_clock(clock(K.OBJECT, *lines), on("2024-05-01")).status == "已完成"


@pytest.mark.parametrize(
    ("key", "lines", "today", "look", "status"),
    [
        (K.ACCEPT, [FILED], "2024-03-16", "", "今天到期"),
        (K.ACCEPT, [FILED], "2024-03-17", "late", "已超期 1 天"),
        (K.ACCEPT, [FILED, line("pause", "2024-03-05")], "2024-03-20", "paused", "暂停计时"),
        (K.ACCEPT, ANSWERED, "2024-03-20", "ended", "已完成"),
        (K.ACCEPT, [FILED, line("accept", "2024-03-20")], "2024-03-21", "ended", "已完成，超期"),
        (K.OBJECT, ANSWERED, "2024-04-04", "right", "可以提出"),
        (K.OBJECT, ANSWERED, "2024-04-05", "right", "已过期限"),
    ],
)
def test_clock_looks_like_what_it_is(key: ClockKey, lines: list, today: str, look: str, status: str) -> None:
    shown = explain_clock(clock(key, *lines), on(today))
    assert (shown.look, shown.status) == (look, status)


def test_first_round_is_not_numbered() -> None:
    assert explain_clock(clock(K.ACCEPT, FILED), on("2024-03-10")).label == "登记受理"


def test_filer_does_not_see_contests() -> None:
    found = clocks(history(FILED, line("accept", "2024-03-05"), line("assign", "2024-03-06")))
    keys = [each.clock.key for each in for_filer([explain_clock(each, on("2024-03-10")) for each in found])]
    assert keys == [K.ACCEPT, K.HANDLE]
