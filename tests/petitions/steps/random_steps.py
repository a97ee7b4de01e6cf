"""Random steps through the doors: who tries what on which unit, after how many days."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions.cases.actions import merging
from petitions.models import Petition, PetitionEvent
from petitions.steps import closing, handling, routing
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk

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


LIKELY = [
    ("accept", Role.PETITION_OFFICE),
    ("assign", Role.PETITION_OFFICE),
    ("handle", Role.DEPARTMENT),
    ("answer", Role.DEPARTMENT),
    ("confirm", None),
    ("close", Role.PETITION_OFFICE),
    ("reopen", Role.PETITION_OFFICE),
]
