"""The copy of what is kept about a household, on paper."""

from django.utils import timezone
from reportlab.platypus import Flowable

from households.files import papers
from households.models import Plate
from households.own_data.registry import KeptSection, kept_about


def pdf(plate: Plate) -> bytes:
    """Everything, kind by kind."""
    papers.use_fonts()
    today = timezone.localdate()
    parts: list[Flowable] = [
        papers.title("系统里关于本户的全部内容", size=16),
        papers.small(f"户编号 {plate.household_id}，{today:%Y年%m月%d日} 由本户自己取走。请收好，里面有姓名和电话。"),
    ]
    for section in kept_about(plate):
        parts += _printed(section)
    return papers.pdf(parts, name="本户的全部内容", foot=f"户编号 {plate.household_id}")


def _printed(section: KeptSection) -> list[Flowable]:
    head = [papers.gap(4), papers.text(section.title, size=12, spaceAfter=4)]
    if not section.rows:
        return [*head, papers.small("没有。")]
    printed = [
        flowable for picture in section.pictures() for flowable in papers.picture(picture.content, picture.words)
    ]
    return [*head, papers.table(section.columns, section.rows, [1] * len(section.columns)), *printed]
