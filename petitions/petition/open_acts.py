"""What the reader of a petition's page may do now: the table of states, looked at with their place and the day."""

from dataclasses import dataclass

from households.models import User
from households.refusals import Refused
from petitions import units
from petitions.models import Assignment, Petition
from petitions.sight import acting_role, acts_as
from petitions.states import Need, PetitionAction, actions_for, transition
from petitions.steps.needs import check_needs, is_bound
from petitions.steps.step import Step

TIMES = (
    Need.CONTEST_TIME,
    Need.OBJECTION_TIME,
    Need.REVIEW_TIME,
    Need.REVIEW_TIME_PASSED,
    Need.APPEAL,
    Need.RUNNING,
    Need.PAUSED,
)


@dataclass(frozen=True, slots=True)
class Involvement:
    """How a person stands to a petition: whether their unit leads or shares in it, whether they must keep away."""

    lead: bool
    member: bool
    bound: bool

    @classmethod
    def of(cls, petition: Petition, user: User, at_work: list[Assignment]) -> "Involvement":
        """Read with one query beside the assignments in force."""
        mine = [assignment for assignment in at_work if assignment.unit == units.of(user)]
        return cls(any(one.lead for one in mine), bool(mine), is_bound(petition, user))

    def allows(self, needs: frozenset[Need]) -> bool:
        """Whether nothing about the person stands in the way."""
        return not (
            (Need.LEAD in needs and not self.lead)
            or (Need.MEMBER in needs and not self.member)
            or (Need.UNBOUND in needs and self.bound)
        )


@dataclass(frozen=True, slots=True)
class OpenAct:
    """A step that the table gives the reader; `not_yet` says what has to happen first, empty when it can be made now."""

    action: PetitionAction
    not_yet: str


def open_acts(petition: Petition, user: User, involvement: Involvement) -> list[OpenAct]:
    """The steps of this reader in this state, in the table's order."""
    found = []
    for action in _actions(petition, user) if petition.erased_at is None else []:
        move = transition(action, petition.status, acting_role(petition, user, action))
        if move is not None and involvement.allows(move.needs):
            found.append(OpenAct(action, _not_yet(petition, user, action, move.needs)))
    return [each for each in found if each.not_yet != _NEVER]


_NEVER = "never"


def _actions(petition: Petition, user: User) -> list[PetitionAction]:
    """What the table gives this reader here, in its order."""
    given = {action for role in acts_as(petition, user) for action in actions_for(role, petition.status)}
    return [action for action in PetitionAction if action in given]


def _not_yet(petition: Petition, user: User, action: PetitionAction, needs: frozenset[Need]) -> str:
    """What must come first; a step that fits another position of the petition is left out altogether."""
    if needs & _unmet(petition):
        return _NEVER
    times = [need for need in TIMES if need in needs]
    try:
        check_needs(petition, Step(action, user, acting_role(petition, user, action)), times)
    except Refused as refusal:
        return refusal.sentence
    return ""


def _unmet(petition: Petition) -> set[Need]:
    """The kind, and the positions of clock, hold and wish, in which the petition is not."""
    return {
        Need.RUNNING if petition.paused else Need.PAUSED,
        Need.FREE if petition.held else Need.HELD,
        Need.UNASKED if petition.erasure_asked_at else Need.ASKED,
        *([Need.PLAIN] if petition.is_accusation else []),
    }
