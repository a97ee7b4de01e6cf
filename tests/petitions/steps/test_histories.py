"""Random histories through the doors: the state that is stored is the one that the history gives, clocks included."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions.cases.actions import merging
from petitions.clocks import deadlines
from petitions.models import Petition, PetitionEvent
from petitions.states import PetitionState, replay
from petitions.steps import closing, handling, routing
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk, build_desk
from tests.world import World

pytestmark = pytest.mark.django_db
STEPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "accept": (routing.accept, {"note": "改"}),
    "redirect": (routing.redirect, {"path": "litigation", "told": "去法院"}),
    "not_accept": (routing.not_accept, {"path": "other", "told": "不属于"}),
    "assign": (routing.assign, {"note": "换"}),
    "contest": (handling.contest, {"note": "不归我们"}),
    "handle": (handling.handle, {"note": "看过了"}),
    "return": (routing.return_to_unit, {"note": "再看"}),
    "answer": (handling.answer, {"told": "修好了"}),
    "close": (closing.close, {}),
    "reopen": (closing.reopen, {"note": "没好"}),
    "ask_review": (closing.ask_review, {"note": "不服"}),
    "review": (closing.review, {"outcome": "upheld", "told": "维持"}),
    "ask_final": (closing.ask_final_review, {"note": "不服"}),
    "final": (closing.final_review, {"outcome": "changed", "told": "改变"}),
    "unmerge": (merging.unmerge, {"note": "两回事"}),
    "extend": (routing.extend, {"days": 7, "told": "复杂"}),
    "pause": (routing.pause, {"told": "等鉴定"}),
    "resume": (routing.resume, {}),
    "supervise": (routing.supervise, {"note": "快办"}),
    "note": (handling.note, {"note": "记一笔"}),
    "tell": (handling.tell, {"told": "请稍等"}),
    "classify": (merging.classify, {"kind": "repeat"}),
}
BY_FILER: dict[str, Any] = {"confirm": closing.confirm, "withdraw": closing.withdraw}
# Handlers first: a random walk gets further when the one whose turn it is comes up more often.
ACTORS = (Role.DEPARTMENT, Role.PETITION_OFFICE, Role.PETITION_OFFICE, Role.TOWNSHIP, Role.CADRE, None)
MOVES = st.tuples(
    st.sampled_from([*STEPS, *BY_FILER, "merge"]),
    st.sampled_from(ACTORS),
    st.sampled_from([LYJ, SLJ, LUOPING]),
    st.integers(0, 3),
)


def step(desk: Desk, petition: Petition, move: tuple[str, str | None, str, int], other: Petition) -> bool:
    """Try one step; whether it was made. Refused ones must leave nothing."""
    name, actor, unit, days = move
    last = PetitionEvent.objects.filter(petition=petition).order_by("seq").last()
    common = {"op_id": uuid4(), "petition": petition, "at": min(last.at + timedelta(days=days), timezone.now())}
    by: User | None = desk.world.user(actor) if actor else None
    try:
        with transaction.atomic():
            _call(name, common, by, unit, other)
    except Refused:
        return False
    return True


def _call(name: str, common: dict[str, Any], by: User | None, unit: str, other: Petition) -> None:
    if name in BY_FILER:
        BY_FILER[name](**common, note="是")
    elif name == "merge":
        merging.merge(**common, by=by, into=other, told="并案") if by else None
    elif by is not None:
        act, words = STEPS[name]
        act(**common, by=by, **words, **({"lead": unit} if name == "assign" else {}))


def check(petition: Petition) -> None:
    """History and row agree: state, number of lines, clocks; times never run backwards."""
    petition.refresh_from_db()
    lines = list(PetitionEvent.objects.filter(petition=petition).order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, petition.seq + 1))
    assert replay(line.kind for line in lines) == petition.state == lines[-1].state
    assert deadlines.clock_columns_of(deadlines.history_of(petition)) == {
        "paused": petition.paused,
        "due_on": petition.due_on,
    }
    assert all(a.at <= b.at for a, b in pairwise(lines))
    assert petition.state != PetitionState.CLOSED or {"answer"} <= {line.kind for line in lines}


@given(moves=st.lists(MOVES, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replayed_history_is_the_stored_state(world: World, moves: list[Any]) -> None:
    desk = build_desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    for move in moves:
        step(desk, petition, move, other)
    check(petition)
    check(other)


LIKELY = [
    ("accept", Role.PETITION_OFFICE),
    ("assign", Role.PETITION_OFFICE),
    ("handle", Role.DEPARTMENT),
    ("answer", Role.DEPARTMENT),
    ("confirm", None),
    ("close", Role.PETITION_OFFICE),
    ("reopen", Role.PETITION_OFFICE),
]


@given(between=st.lists(st.lists(MOVES, max_size=2), min_size=7, max_size=7))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_disturbed_main_path_stays_consistent(world: World, between: list[list[Any]]) -> None:
    desk = build_desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    for (name, actor), disturbances in zip(LIKELY, between, strict=True):
        step(desk, petition, (name, actor, LYJ, 1), other)
        for move in disturbances:
            step(desk, petition, move, other)
    check(petition)
    check(other)


def test_undisturbed_path_is_walked_to_its_end(world: World) -> None:
    """So that the walks above are known to get somewhere."""
    desk = build_desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    assert all(step(desk, petition, (name, actor, LYJ, 1), other) for name, actor in LIKELY)
    check(petition)
