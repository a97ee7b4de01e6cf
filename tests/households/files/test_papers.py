"""Papers: every sign that is printed is one that the font has."""

import pytest
from reportlab.platypus import Flowable

from households.files import papers
from tests.rewards.awards.pdf_text import read


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("张三：", "张三："),
        ("𠮷三：", "＿＿〔U+20BB7〕三："),
        ("已经受理😊，正在\u200b办理", "已经受理，正在办理"),
        ("查\u200d良、龚\U000e0100某", "查良、龚某"),
        ("⽥\ue863", "田䶮"),
        ("李䶮、王㛃、张𬭚", "李䶮、王㛃、张𬭚"),
        ("一行\n两行", "一行\n两行"),
        ("王\ue5f1", "王＿＿〔U+E5F1〕"),
    ],
)
def test_no_sign_is_printed_that_the_font_lacks(words: str, printed: str) -> None:
    assert papers.printable(words) == printed
    assert papers.printable(printed) == printed


@pytest.mark.parametrize("part", [papers.text("𠮷三："), papers.table(["姓名"], [["𠮷三"]], [1])])
def test_room_for_handwriting_is_explained_once(part: Flowable) -> None:
    [page] = read(papers.pdf([part, papers.text("𠮷四")], name="答复"))
    assert page.count("请经办人手写补上") == 1
    assert "U+20BB7" in page


def test_paper_without_such_signs_explains_nothing() -> None:
    [page] = read(papers.pdf([papers.text("张三：")], name="答复"))
    assert "手写" not in page


def test_what_explains_the_room_can_be_printed_itself() -> None:
    assert papers.printable(papers.BY_HAND) == papers.BY_HAND
