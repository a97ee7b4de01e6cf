"""How long handling may take by what a petition is about: article 34 for appeals, the county's promise for the others."""

from uuid import uuid4

import pytest

from petitions.cases.actions import merging
from petitions.clock_types import PROMISED, Clock, ClockKey, Ground
from petitions.clocks.clocks import clocks
from petitions.clocks.deadlines import drifts, history_of
from petitions.clocks.explain import basis, explain_clock
from petitions.models import Content, Petition
from petitions.steps import closing, handling, routing
from tests.petitions.clocks.histories import at, clock, line, on
from tests.refusals import refusal_code

K = ClockKey
LIFE = [
    line("answer", "2026-04-01"),
    line("ask_review", "2026-04-20"),
    line("review", "2026-05-10"),
    line("ask_final_review", "2026-05-31"),
]


def filed(content: str):
    return line("file", "2026-03-01", way="page", demand="complaint", content=content)


# content, clock, days, due day of the petition filed on 1 March 2026 and accepted on the 5th, article or promise
VECTORS = [
    ("appeal", K.ACCEPT, 15, "2026-03-16", "《信访工作条例》第二十二条、第二十三条"),
    ("appeal", K.HANDLE, 60, "2026-05-04", "《信访工作条例》第三十四条"),
    ("appeal", K.ASK_REVIEW, 30, "2026-05-01", "《信访工作条例》第三十五条"),
    ("appeal", K.REVIEW, 30, "2026-05-20", "《信访工作条例》第三十五条"),
    ("appeal", K.ASK_FINAL_REVIEW, 30, "2026-06-09", "《信访工作条例》第三十六条"),
    ("appeal", K.FINAL_REVIEW, 30, "2026-06-30", "《信访工作条例》第三十六条"),
    ("suggestion", K.ACCEPT, 15, "2026-03-16", "《信访工作条例》第二十二条、第二十三条"),
    ("suggestion", K.HANDLE, 45, "2026-04-19", "县里对建议意见的承诺，条例没有规定天数"),
    ("suggestion", K.REVIEW, 30, "2026-05-20", "县里比照《信访工作条例》第三十五条"),
    ("suggestion", K.FINAL_REVIEW, 30, "2026-06-30", "县里比照《信访工作条例》第三十六条"),
    ("accusation", K.ACCEPT, 15, "2026-03-16", "《信访工作条例》第二十二条、第二十三条"),
    ("accusation", K.HANDLE, 45, "2026-04-19", "县里对检举控告的承诺，条例没有规定天数"),
    ("accusation", K.REVIEW, 30, "2026-05-20", "县里比照《信访工作条例》第三十五条"),
    ("accusation", K.FINAL_REVIEW, 30, "2026-06-30", "县里比照《信访工作条例》第三十六条"),
]


@pytest.mark.parametrize(("content", "key", "days", "due", "rests_on"), VECTORS)
def test_clocks_of_the_three_contents(content: str, key: ClockKey, days: int, due: str, rests_on: str) -> None:
    promise = {} if content == "appeal" else {"promised": 45}
    found = clock(key, filed(content), line("accept", "2026-03-05", **promise), *LIFE)
    assert (found.limit, found.due, basis(found)) == (days, on(due), rests_on)
    assert f"期限 {days} 天（{rests_on}），" in explain_clock(found, on("2026-03-06")).lines[1].text


def test_promise_does_not_touch_an_appeal() -> None:
    found = clock(K.HANDLE, filed("appeal"), line("accept", "2026-03-05", promised=20))
    assert (found.limit, found.ground) == (60, Ground.ARTICLE)


def test_promise_from_before_there_were_promises_is_kept() -> None:
    found = clock(K.HANDLE, filed("suggestion"), line("accept", "2026-03-05"), line("extend", "2026-04-01", days=10))
    assert (found.limit, found.due, basis(found)) == (60, on("2026-05-14"), "受理时告知来信人的期限")


@pytest.mark.parametrize(
    ("before", "promised", "after", "limit", "ground"),
    [
        ("appeal", None, {"content": "suggestion", "promised": 45}, 45, Ground.PROMISE),
        ("appeal", None, {"content": "suggestion", "promised": 90}, 60, Ground.ARTICLE),
        ("suggestion", 90, {"content": "appeal"}, 60, Ground.ARTICLE),
        ("suggestion", 45, {"content": "appeal"}, 45, Ground.PROMISE),
        ("suggestion", 45, {"content": "accusation", "promised": 30}, 30, Ground.PROMISE),
        ("appeal", None, {"demand": "consult"}, 60, Ground.ARTICLE),
    ],
)
def test_another_content_never_makes_anybody_wait_longer(before, promised, after, limit, ground) -> None:
    promise = {"promised": promised} if promised else {}
    lines = [filed(before), line("accept", "2026-03-05", **promise), line("classify", "2026-03-10", **after)]
    found = clock(K.HANDLE, *lines)
    assert (found.limit, found.ground) == (limit, ground)


def handling_of(petition: Petition) -> Clock:
    return [each for each in clocks(history_of(petition)) if each.key is K.HANDLE][-1]


@pytest.mark.parametrize(("content", "days"), [("suggestion", 45), ("accusation", 30), ("appeal", 60)])
def test_promise_of_the_day_stands_in_the_history(desk, settings, content: str, days: int) -> None:
    settings.PETITION_PROMISED_DAYS = {"suggestion": 45, "accusation": 30}
    petition = desk.accept(desk.file(content=content, at=at("2024-03-01")), at=at("2024-03-05"))
    due = petition.due_on
    settings.PETITION_PROMISED_DAYS = {"suggestion": 7, "accusation": 7}
    assert (handling_of(petition).limit, handling_of(petition).due, list(drifts())) == (days, due, [])
    handled = desk.handle(desk.assign(petition, at=at("2024-03-06")), at=at("2024-03-07"))
    answered = desk.answer(handled, at=at("2024-03-08"))
    again = closing.reopen(op_id=uuid4(), petition=answered, by=None, note="没有解决", at=at("2024-03-12"))
    assert handling_of(again).limit == (60 if content == "appeal" else 7)


def test_classifying_moves_the_due_day_to_the_promise(desk, settings) -> None:
    settings.PETITION_PROMISED_DAYS = {"suggestion": 45, "accusation": 30}
    petition = desk.accept(desk.file(at=at("2024-03-01")), at=at("2024-03-05"))
    given = {"op_id": uuid4(), "petition": petition, "by": desk.office, "at": at("2024-03-06")}
    assert merging.classify(**given, content="suggestion").due_on == on("2024-04-19")
    assert list(drifts()) == []


@pytest.mark.parametrize("content", list(PROMISED))
def test_only_appeals_are_extended(desk, content: str) -> None:
    petition = desk.assign(desk.accept(desk.file(content=content)))
    due = petition.due_on
    more = {"petition": petition, "by": desk.office, "days": 10, "told": "要请专家"}
    assert refusal_code(lambda: routing.extend(op_id=uuid4(), **more)) == "no_extension"
    asked = {"petition": petition, "by": desk.handler, "note": "要请专家"}
    assert refusal_code(lambda: handling.ask_extension(op_id=uuid4(), **asked)) == "no_extension"
    assert Petition.objects.get(pk=petition.pk).due_on == due


def test_contents_are_called_as_everywhere() -> None:
    assert dict(Content.choices) == {"appeal": "申诉求决"} | PROMISED
