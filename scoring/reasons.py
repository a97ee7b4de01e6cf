"""Reasons that everybody may read. Pure.

What somebody writes about a correction can name a neighbour, an informer, an illness. Rankings, points and the pages of others
carry a reason of this list instead; what was written stays with those who decide (ADR 16).
"""

import re
from enum import StrEnum

MONTH_RESTATED, BY_HAND = "结果调整", "人工调整"
NOT_SHOWN = "（原来写的说明不公开）"
WITHHELD = "（原文已依法不再公开）"  # behind the words that took the place of others (`scoring.withholdings`)
_FREE = re.compile(rf"^(?P<head>[0-9]{{4}}-[0-9]{{2}} {MONTH_RESTATED}|{BY_HAND})：(?P<words>.*)$", re.DOTALL)


class PublicReason(StrEnum):
    """Why a frozen month was put right."""

    REVIEWED = "reviewed"
    WRONG_PLACE = "wrong_place"
    WRONG_CLAUSE = "wrong_clause"
    TWICE = "twice"
    LEFT_OUT = "left_out"
    NEW_DOCUMENT = "new_document"
    DOCUMENT_REVOKED = "document_revoked"

    @property
    def label(self) -> str:
        """The reason in Chinese."""
        return _WORDS[self]


class RejectReason(StrEnum):
    """Why an objection was not upheld."""

    RECORD_STANDS = "record_stands"
    NOTHING_NEW = "nothing_new"
    NO_CLAUSE = "no_clause"
    OTHER_MONTH = "other_month"
    NOT_SHOWN = "not_shown"

    @property
    def label(self) -> str:
        """The reason in Chinese."""
        return _OF_REJECTION[self]


class PointsReason(StrEnum):
    """Why points were given or taken by hand."""

    OTHER = "other"
    DUTY = "duty"
    ACTIVITY = "activity"
    LEFT_OUT = "left_out"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        """The reason in Chinese."""
        return _OF_POINTS[self]


_WORDS = {
    PublicReason.REVIEWED: "复核后更正",
    PublicReason.WRONG_PLACE: "登记对象有误",
    PublicReason.WRONG_CLAUSE: "适用条款有误",
    PublicReason.TWICE: "重复登记",
    PublicReason.LEFT_OUT: "当月漏记",
    PublicReason.NEW_DOCUMENT: "依据生效文书补记",
    PublicReason.DOCUMENT_REVOKED: "原依据已撤销或变更",
}
_OF_REJECTION = {
    RejectReason.RECORD_STANDS: "事实清楚，记录无误",
    RejectReason.NOTHING_NEW: "没有新的依据",
    RejectReason.NO_CLAUSE: "细则里没有这一项",
    RejectReason.OTHER_MONTH: "不是这个月的事",
    RejectReason.NOT_SHOWN: "说的事没有查实",
}
_OF_POINTS = {
    PointsReason.OTHER: "经核定的零星调整",
    PointsReason.DUTY: "值守、出工等公益服务",
    PointsReason.ACTIVITY: "参加集体活动",
    PointsReason.LEFT_OUT: "以前漏记",
    PointsReason.WRONG: "以前记错",
}
CHOICES = [(reason.value, reason.label) for reason in PublicReason]
REJECT_CHOICES = [(reason.value, reason.label) for reason in RejectReason]
RULING_CHOICES = [*CHOICES, *REJECT_CHOICES]
POINTS_CHOICES = [(reason.value, reason.label) for reason in PointsReason]
_LISTED = {*_WORDS.values(), *_OF_POINTS.values()}
ALL_CHOICES = [*CHOICES, *(choice for choice in POINTS_CHOICES if choice[0] not in dict(CHOICES))]


def restated(month: str, reason: PublicReason) -> str:
    """What rankings and points say of a month that was put right."""
    return f"{month} {MONTH_RESTATED}：{reason.label}"


def by_hand(reason: PointsReason) -> str:
    """What an account says of points given or taken by hand."""
    return f"{BY_HAND}：{reason.label}"


def listed(text: str) -> str:
    """A text of an entry or an archive as it may be shown: words that are of no list, written before there was one, are left out."""
    found = _FREE.match(text.removesuffix(WITHHELD))
    return text if found is None or found["words"] in _LISTED else f"{found['head']}{NOT_SHOWN}"


def is_free(text: str) -> bool:
    """Whether somebody wrote it in their own words, before there was a list."""
    return listed(text) != text


def in_place_of(text: str, code: str, otherwise: str) -> str:
    """What stands in place of a text that is withheld: its beginning if it has one, and the words of a list."""
    found = _FREE.match(text)
    words = dict(ALL_CHOICES)[code]
    return f"{found['head'] if found else otherwise}：{words}{WITHHELD}"


def label_of(code: str) -> str:
    """The words of a reason's code; other text stays what it is."""
    return PublicReason(code).label if code in set(PublicReason) else code
