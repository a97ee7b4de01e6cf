"""The whole table of steps once more, as one reads it: who may do what in which states, and what the step needs.

Whoever changes the table changes it here too, and so on purpose.
"""

import pytest

from petitions.states import TRANSITIONS, PetitionAction, PetitionState

TABLE = """
accept | petition_office | unbound | filed
accept | petition_office | note unbound | redirected not_accepted
redirect | petition_office | told unbound | filed accepted contested
not_accept | petition_office | told unbound | filed
assign | petition_office | unbound unit | accepted contested
assign | petition_office | note unbound unit | assigned handled
contest | department township | contest_time lead note | assigned
handle | department township | lead note unbound | assigned
return | petition_office | note unbound | handled
answer | department township | lead told unbound | handled
confirm | filer |  | answered reviewed
close | petition_office system | unbound | confirmed
close | petition_office system | objection_time unbound | answered
close | petition_office system | review_time_passed unbound | reviewed
reopen | filer petition_office | note | answered confirmed closed
ask_review | filer petition_office | note review_time | answered closed
review | petition_office | told unbound | reviewing
ask_final_review | filer petition_office | note review_time | reviewed
final_review | petition_office | told unbound | final_reviewing
merge | petition_office | told unbound | filed accepted assigned
unmerge | petition_office | note | merged
withdraw | filer | note | filed accepted assigned contested handled
ask_extension | department township | appeal lead note unbound | assigned handled
extend | petition_office | appeal told unbound | assigned handled
pause | petition_office | running told unbound | filed accepted assigned contested handled reviewing final_reviewing
resume | petition_office system | paused | filed accepted assigned contested handled reviewing final_reviewing
remind | petition_office system |  | filed accepted assigned contested handled reviewing final_reviewing confirmed
supervise | county_office petition_office system | note | \
filed accepted assigned contested handled reviewing final_reviewing confirmed
note | petition_office | note | every but merged
note | department township | member note unbound | every but merged
tell | petition_office | told | every but merged
tell | department township | lead told unbound | every but merged
supplement | filer petition_office | note | filed accepted assigned contested handled reviewing final_reviewing answered
supplement | petition_office system | note | redirected not_accepted reviewed final withdrawn
classify | petition_office | unbound | every but merged
recuse | petition_office | note | every but merged
recuse | department township | member note | every but merged
unmask | petition_office | note unbound | every
unmask | department township | lead note plain unbound | assigned handled answered
rate | filer |  | answered confirmed closed reviewed final
rate | petition_office | note unbound | answered confirmed closed reviewed final
receive | petition_office | note unbound | every
promise | petition_office | unbound | every
promise | department township | member unbound | every
promise | filer system |  | every
own | petition_office | note unbound | every but merged
hold | petition_office | free note | every
release | petition_office | held note | every
ask_erasure | filer | note unasked | redirected not_accepted closed final merged withdrawn
refuse_erasure | petition_office | asked told unbound | redirected not_accepted closed final merged withdrawn
erase | petition_office | asked free unbound | redirected not_accepted closed final merged withdrawn
erase | system | free | redirected not_accepted closed final merged withdrawn
"""
Step = tuple[str, str, frozenset[str], frozenset[str]]


def read(line: str) -> set[Step]:
    action, roles, needs, sources = (part.strip() for part in line.split("|"))
    every = {state.value for state in PetitionState}
    states = {"every": every, "every but merged": every - {"merged"}}.get(sources, sources.split())
    return {(action, state, frozenset(roles.split()), frozenset(needs.split())) for state in states}


LINES = TABLE.strip().splitlines()


def test_table_is_as_agreed_line_by_line() -> None:
    found = [(t.action.value, t.source.value, frozenset(map(str, t.roles)), frozenset(t.needs)) for t in TRANSITIONS]
    assert set(found) == {step for line in LINES for step in read(line)}
    assert len(found) == len(set(found))


@pytest.mark.parametrize("kind", [PetitionState, PetitionAction])
def test_every_state_and_action_has_a_word_of_its_own(kind: type) -> None:
    assert len({one.label for one in kind}) == len(kind)
