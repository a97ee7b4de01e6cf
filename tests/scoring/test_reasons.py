"""Which words of a correction anybody may read."""

import pytest

from scoring.reasons import PointsReason, PublicReason, by_hand, label_of, listed, restated


@pytest.mark.parametrize("reason", list(PublicReason))
def test_listed_reason_of_a_month_is_shown(reason: PublicReason) -> None:
    text = restated("2024-05", reason)
    assert listed(text) == text == f"2024-05 结果调整：{reason.label}"


@pytest.mark.parametrize("reason", list(PointsReason))
def test_listed_reason_of_points_is_shown(reason: PointsReason) -> None:
    assert listed(by_hand(reason)) == f"人工调整：{reason.label}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2024-05 结果调整：邻居王五举报，实为误会", "2024-05 结果调整（原来写的说明不公开）"),
        ("2024-05 结果调整：", "2024-05 结果调整（原来写的说明不公开）"),
        ("人工调整：住院的老李代值班", "人工调整（原来写的说明不公开）"),
        ("人工调整：以前漏记\n住院", "人工调整（原来写的说明不公开）"),
    ],
)
def test_words_of_no_list_are_left_out(text: str, shown: str) -> None:
    assert listed(text) == shown


@pytest.mark.parametrize("text", ["2024年5月考核所得", "月份锁定", "预留一包盐", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert listed(text) == text


def test_code_of_a_reason_becomes_its_words() -> None:
    assert (label_of("twice"), label_of("记错了户")) == ("重复登记", "记错了户")
