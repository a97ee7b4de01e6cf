"""Papers: every sign that is printed is one that the font has."""

from collections.abc import Callable

import pypdfium2
import pytest
from django.conf import LazySettings
from reportlab.lib.pagesizes import A3, A4
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
def test_no_sign_is_printed_that_the_font_lacks(words: str, printed: str, settings: LazySettings) -> None:
    settings.RARE_FONTS = []
    assert papers.printable(words) == printed
    assert papers.printable(printed) == printed


@pytest.mark.parametrize("part", [lambda: papers.text("𠮷三："), lambda: papers.table(["姓名"], [["𠮷三"]], [1])])
def test_room_for_handwriting_is_explained_once(part: Callable[[], Flowable], settings: LazySettings) -> None:
    settings.RARE_FONTS = []
    [page] = read(papers.pdf([part(), papers.text("𠮷四")], name="答复"))
    assert page.count("请经办人手写补上") == 1
    assert "U+20BB7" in page


def test_paper_without_such_signs_explains_nothing() -> None:
    [page] = read(papers.pdf([papers.text("张三：")], name="答复"))
    assert "手写" not in page


def test_what_explains_the_room_can_be_printed_itself() -> None:
    assert papers.printable(papers.BY_HAND) == papers.BY_HAND


RARE = "𠮷𪚥𫠠"  # Extensions B, C and beyond


def test_rare_signs_are_printed_in_a_font_that_has_them() -> None:
    """`script/test` and `script/run` fetch it."""
    names = [f"{sign}三丰" for sign in RARE]
    data = papers.pdf(
        [papers.title(f"给{names[0]}的答复"), *map(papers.text, names)], name="答复", foot=f"{names[0]}的答复"
    )
    [page] = read(data)
    assert all(name in page for name in names)
    assert "手写" not in page
    assert f"给{names[0]}的答复" in page and "＿＿〔U+20BB7〕三丰的答复" in page  # the foot has one font
    assert b"HanaMinB" in data and len(data) < 60_000  # the signs that it uses, not the whole font


def test_table_of_rare_names_keeps_to_its_cells() -> None:
    names = [f"{sign}{'甲' * length}" for sign in RARE for length in range(1, 12)]
    [page, *_] = read(
        papers.pdf([papers.table(["户主", "门牌"], [[name, "1"] for name in names], [1, 4])], name="名单")
    )
    assert all(name in page.replace("\n", "").replace("\r", "").replace(" ", "") for name in names[:20])


@pytest.mark.parametrize("sign", [*"，。；：！？）》", "）；", "。”", "》）。"])
@pytest.mark.parametrize("rare", ["", "𠮷"])
def test_no_line_begins_with_a_sign_that_ends_the_one_before(sign: str, rare: str) -> None:
    parts = [papers.text(f"{rare}{'字' * length}{sign}{'字' * 12}", size=12) for length in range(30, 44)]
    lines = printed_lines(papers.pdf(parts, name="通知书"))
    assert len(lines) > len(parts)
    assert [line for line in lines if line[:1] in tuple(sign)] == []


def test_no_line_ends_with_a_bracket_that_opens_the_next() -> None:
    parts = [papers.text(f"{'字' * length}（{'字' * 12}", size=12) for length in range(30, 44)]
    lines = printed_lines(papers.pdf(parts, name="通知书"))
    assert len(lines) > len(parts)
    assert [line for line in lines if line.endswith("（")] == []


def test_signs_that_end_a_line_stay_in_their_cell() -> None:
    rows = [[f"{'字' * length}）；{'字' * 12}", "甲"] for length in range(4, 24)]
    table = papers.table(["说明", "户主"], rows, [1, 1])
    table.wrap(papers.WIDTH, 1000)
    cells = [part.blPara.lines for row in table._cellvalues[1:] for [part] in row]
    assert min(line[0] for lines in cells for line in lines) >= 0


def printed_lines(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [line.strip() for page in document for line in page.get_textpage().get_text_range().splitlines()]


@pytest.mark.parametrize(("size", "lines"), [(17, 1), (37, 2)])
def test_heading_that_is_too_wide_breaks_between_whose_and_what_it_is(size: float, lines: int) -> None:
    heading = papers.title_of("文昌街道桔城社区", "2026年10月六零积分公示", A4 if lines == 1 else A3, size=size)
    with pypdfium2.PdfDocument(papers.pdf([heading], name="公示", size=A4 if lines == 1 else A3)) as document:
        found = [line.strip() for line in document[0].get_textpage().get_text_range().splitlines() if line.strip()]
    assert len(found) - 1 == lines  # and the number of the page
    assert found[-1].endswith("2026年10月六零积分公示")
