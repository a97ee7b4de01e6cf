"""A filer's copy of his petition: everything that he may read, as plain text to keep."""

from django.utils import timezone

from petitions.follow.page import FollowPage


def text_of(page: FollowPage) -> str:
    """What he wrote, every step that he was told, his ratings. Never the code, nor what stays inside."""
    petition = page.petition
    head = [
        f"编号：{petition.number}",
        f"事项：{petition.title}",
        f"地点：{petition.place.name}",
        f"类别：{petition.get_content_display()}",
        f"现在：{petition.status.label}",
        f"姓名：{petition.filer_name or '没有留名'}",
        f"电话：{petition.filer_phone or '没有留'}",
    ]
    body = ["", "您写的：", petition.text if petition.erased_at is None else "（已清除）", "", "办理经过："]
    for line in reversed(page.lines):
        body += [f"{timezone.localtime(line.at):%Y-%m-%d %H:%M} {line.title}", *filter(None, (line.told, line.own))]
    return "\n".join([*head, *body, *(["", f"评价：{'；'.join(page.ratings)}"] if page.ratings else []), ""])
