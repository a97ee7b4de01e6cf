"""Random histories of a petition, as the table of states allows them: what properties are held against."""

from datetime import timedelta

from hypothesis import strategies as st

from petitions.clock_types import HistoryLine
from petitions.clocks.clocks import is_paused
from petitions.states import TRANSITIONS, PetitionAction, PetitionState
from tests.petitions.clocks.histories import line

DATA = {
    "file": {"demand": "complaint"},
    "extend": {"days": 20},
    "assign": {"lead": "department:LYJ"},
    "classify": {"demand": "consult"},
    "tell": {"merged": "430525-2024-000001", "since": {"handle": "2023-12-20", "accept": "2023-12-20"}},
}


@st.composite
def histories(draw):
    """A random life of up to 25 lines, each up to 40 days after the one before."""
    way = draw(st.sampled_from(["page", "hotline", "rednet"]))
    start = draw(st.datetimes(on_time("2023-11-01"), on_time("2026-10-01")))
    first = line("file", start.isoformat(), 1, way=way, demand=draw(st.sampled_from(["consult", "complaint"])))
    lines, state, at = [first], PetitionState.FILED, first.at
    for seq in range(2, draw(st.integers(2, 25))):
        steps = [one for one in TRANSITIONS if one.source is state and fits(one.action, lines)]
        if not steps:
            break
        step = draw(st.sampled_from(steps))
        at += timedelta(hours=draw(st.integers(0, 960)))
        lines.append(HistoryLine(step.action, at, DATA.get(step.action, {}), "等待鉴定", seq))
        state = step.target
    return lines


def on_time(text):
    return line("file", text).at.replace(tzinfo=None)


def fits(action, lines):
    paused = is_paused(lines)
    return {PetitionAction.PAUSE: not paused, PetitionAction.RESUME: paused}.get(action, True)
