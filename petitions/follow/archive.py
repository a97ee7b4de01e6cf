"""Everything that a filer may have of their petition, to keep: as plain text, or with letters and files in one archive."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import TypedDict

from django.template.loader import render_to_string
from django.utils import timezone

from households.refusals import Refused
from petitions.clocks.explain import ExplainedClock
from petitions.follow.page import FollowPage, ToldStep, page_of
from petitions.letters import letters
from petitions.models import Attachment, Petition, Rating

READABLE, MACHINE, TEXT = "办理情况.html", "petition.json", "办理情况.txt"


def archive(petition: Petition) -> bytes:
    """A ZIP file. What stays inside, and who else is in the matter, is in none of its parts."""
    page, packed = page_of(petition), BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in _parts(page):
            parts.writestr(name, content)
    return packed.getvalue()


def _parts(page: FollowPage) -> Iterator[tuple[str, str | bytes]]:
    petition = page.petition
    yield (
        READABLE,
        render_to_string(
            "petitions/follow/copy.html", {"page": page, "petition": petition, "letters": _letters(petition)}
        ),
    )
    yield MACHINE, json.dumps(account(page), ensure_ascii=False, indent=1)
    yield TEXT, text_of(page)
    for seq, name in letters.offered(petition):
        yield f"文书/{seq:02d}-{name}.pdf", letters.pdf(letters.letter(petition, seq, full_name=True))
    for number, file in enumerate(Attachment.objects.filter(petition=petition).order_by("id"), start=1):
        yield _file(number, file)


def _file(number: int, file: Attachment) -> tuple[str, str | bytes]:
    """One that cannot be read does not keep the others back."""
    try:
        return f"附件/{number:02d}.{file.extension}", file.content
    except Refused as refusal:
        return f"附件/{number:02d}.txt", refusal.sentence


def text_of(page: FollowPage) -> str:
    """What they wrote, every step that they were told, their ratings. Never the code, nor what stays inside.

    The mark at the beginning is what tells UTF-8 to the editors of Windows.
    """
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
    return "\ufeff" + "\n".join([*head, *body, *(["", f"评价：{'；'.join(page.ratings)}"] if page.ratings else []), ""])


class ToldLine(TypedDict):
    at: str
    what: str
    told: str
    own: str


class ToldClock(TypedDict):
    what: str
    due: str | None
    status: str
    lines: list[str]


class ToldRating(TypedDict):
    round: int
    subject: str
    score: str
    via: str
    comment: str
    at: str


class ToldLetter(TypedDict):
    line: int
    name: str


class ToldFile(TypedDict):
    kind: str
    at: str
    bytes: int


class FilersAccount(TypedDict):
    """A filer's petition for a program: times are ISO 8601 in Asia/Shanghai, empty what was not given."""

    number: str
    channel: str
    way: str
    content: str
    state: str
    people: int
    enterprise: str
    external_no: str
    external_link: str
    title: str
    text: str
    place: str
    name: str
    phone: str
    filed_at: str
    erased_at: str | None
    meaning: str
    clocks: list[ToldClock]
    history: list[ToldLine]
    together: list[ToldLine]
    ratings: list[ToldRating]
    letters: list[ToldLetter]
    files: list[ToldFile]


def account(page: FollowPage) -> FilersAccount:
    """The same for a program."""
    petition = page.petition
    return {
        "number": petition.number,
        "channel": petition.channel,
        "way": petition.way,
        "content": petition.content,
        "state": petition.state,
        "people": petition.people,
        "enterprise": petition.enterprise,
        "external_no": petition.external_no,
        "external_link": petition.external_link,
        "title": petition.title,
        "text": petition.text,
        "place": petition.place.name,
        "name": petition.filer_name,
        "phone": petition.filer_phone,
        "filed_at": _moment(petition.filed_at),
        "erased_at": _moment(petition.erased_at) if petition.erased_at else None,
        "meaning": page.meaning,
        "clocks": [_clock(clock) for clock in page.clocks],
        "history": [_line(line) for line in reversed(page.lines)],
        "together": [_line(line) for line in reversed(page.together)],
        "ratings": [_rating(one) for one in Rating.objects.filter(petition=petition).order_by("at", "id")],
        "letters": [{"line": seq, "name": name} for seq, name in reversed(_letters(petition))],
        "files": [{"kind": one.kind, "at": _moment(one.at), "bytes": one.size} for one in page.attachments],
    }


def _letters(petition: Petition) -> list[tuple[int, str]]:
    return letters.offered(petition)


def _line(line: ToldStep) -> ToldLine:
    return {"at": _moment(line.at), "what": line.title, "told": line.told, "own": line.own}


def _clock(explained: ExplainedClock) -> ToldClock:
    due = explained.clock.due.isoformat() if explained.clock.due else None
    return {
        "what": explained.label,
        "due": due,
        "status": explained.status,
        "lines": [line.text for line in explained.lines],
    }


def _rating(one: Rating) -> ToldRating:
    return {
        "round": one.round,
        "subject": one.subject,
        "score": one.score,
        "via": one.via,
        "comment": one.comment,
        "at": _moment(one.at),
    }


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
