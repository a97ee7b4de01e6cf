"""What filers are told has words for every state and step, and likeness of texts behaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.follow.page import INSIDE, MEANINGS, STEPS, line_of
from petitions.models import PetitionEvent
from petitions.search.alike import SIMILAR, alike
from petitions.states import FILER, TRANSITIONS, PetitionAction, PetitionState
from tests.petitions.filers import TEXT

IN_FIGURES = {
    PetitionAction.ASSIGN,
    PetitionAction.EXTEND,
    PetitionAction.RATE,
    PetitionAction.ERASE,
}  # their words come from the data
NAMES = {"department:LYJ": "林业局", "department:SLJ": "水利局"}


def title_of(kind: str, role: str = "petition_office", **data: object) -> str:
    return line_of(PetitionEvent(kind=kind, role=role, data=data, told="", note="内部"), NAMES).title


@pytest.mark.parametrize("state", PetitionState)
def test_every_state_has_a_meaning(state: PetitionState) -> None:
    assert MEANINGS[state].endswith("。")


@pytest.mark.parametrize("action", sorted(set(PetitionAction) - set(INSIDE) - IN_FIGURES))
def test_every_step_has_words_for_who_makes_it(action: PetitionAction) -> None:
    own, others = STEPS[action]
    roles = {role for one in TRANSITIONS if one.action is action for role in one.roles}
    assert (own or FILER not in roles) and (others or not roles - {FILER})


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("assign", {"lead": "department:LYJ", "joint": ["department:SLJ"]}, "交给林业局办理，水利局协同"),
        ("assign", {"lead": "department:GONE", "joint": []}, "交给承办单位办理"),
        ("extend", {"days": 20}, "办理期限延长 20 天"),
        ("redirect", {"path": "litigation", "unit": "县法院"}, "转到其他途径：诉讼、仲裁（县法院）"),
        ("rate", {"round": 1, "subject": "unit", "score": "fair"}, "您在回访电话里评价责任单位：基本满意"),
    ],
)
def test_step_tells_its_figures(kind: str, data: dict[str, object], words: str) -> None:
    assert title_of(kind, **data) == words


@pytest.mark.parametrize("role", ["petition_office", "department", "system"])
def test_inside_note_never_becomes_the_filers_own_words(role: str) -> None:
    line = line_of(PetitionEvent(kind="reopen", role=role, data={}, told="", note="内部"), {})
    assert line.own == "" and "内部" not in line.title


@given(st.text(), st.text())
def test_likeness_lies_between_nothing_and_all_either_way(one: str, other: str) -> None:
    assert 0 <= alike(one, other) == alike(other, one) <= 1


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("一组到学校的路坏了有半年，一下雨小孩上学就摔跤，希望修。", True),
        ("二组的路灯不亮，晚上看不见。", False),
        ("去年交的低保材料，一直没有人告诉我结果。", False),
    ],
)
def test_likeness_tells_the_same_matter_from_another(other: str, same: bool) -> None:
    assert (alike(TEXT, other) >= SIMILAR) is same
