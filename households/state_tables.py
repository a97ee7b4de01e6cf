"""Who may do what in which state: one kind of table for everything that has states. Pure.

A room writes down its moves; what they mean is said here, once. Roles are values of `Role`, or the room's own words for
those who act without an account ("filer", "household", "system"); a table without roles says what is possible at all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """A member of an enum of states or actions."""

    @property
    def label(self) -> str:
        """What it is called in Chinese."""


A = TypeVar("A", bound=Named)
S = TypeVar("S", bound=Named)
N = TypeVar("N", bound=str)


class BrokenHistory(ValueError):
    """A history that the table does not allow."""


@dataclass(frozen=True, slots=True)
class Move(Generic[A, S, N]):
    """One allowed step. `target` is `source` for one that leaves the state as it is; `needs` is what else it must bring."""

    action: A
    source: S
    target: S
    roles: frozenset[str] = frozenset()
    needs: frozenset[N] = frozenset()


def moves(
    action: A, sources: Iterable[S], target: S | None, roles: Iterable[str] = (), *needs: N
) -> Iterator[Move[A, S, N]]:
    """The same step from several states; without a target the state stays as it is."""
    return (Move(action, source, target or source, frozenset(roles), frozenset(needs)) for source in sources)


class StateTable(Generic[A, S, N]):
    """Every move that there is, in an order that pages keep.

    `action` reads an action's value. `start` is the first state, and `begin` the action that a history opens with, where it
    is written down. `refusal` is the sentence for what nobody can do: {state}, {action}, and the {sources} where one could.
    """

    def __init__(
        self,
        action: Callable[[str], A],
        moves: Iterable[Move[A, S, N]],
        *,
        start: S,
        begin: A | None = None,
        refusal: str = "",
    ) -> None:
        self.moves = tuple(moves)
        self.start, self.begin = start, begin
        self._action, self._refusal = action, refusal
        self._by_pair: dict[tuple[A, S], list[Move[A, S, N]]] = {}
        self._by_source: dict[S, list[Move[A, S, N]]] = {}
        for move in self.moves:
            self._by_pair.setdefault((move.action, move.source), []).append(move)
            self._by_source.setdefault(move.source, []).append(move)

    def transition(self, action: A, state: S, role: str | None = None) -> Move[A, S, N] | None:
        """The step that this role, or anybody, makes by this action from this state; None when there is none."""
        found = self._by_pair.get((action, state), [])
        return next((move for move in found if role is None or role in move.roles), None)

    def actions_for(self, role: str, state: S) -> list[A]:
        """What a role may do in this state, before needs are looked at; in the table's order, each once."""
        found = [move.action for move in self._by_source.get(state, []) if role in move.roles]
        return list(dict.fromkeys(found))

    def may_act(self, role: str, action: A) -> bool:
        """Whether the role does this at all, in whatever state."""
        return any(role in move.roles for move in self.moves if move.action is action)

    def why_not(self, action: A, state: S) -> str:
        """A sentence for an action that nobody can do in this state; empty when somebody can."""
        if (action, state) in self._by_pair:
            return ""
        sources = dict.fromkeys(f"“{move.source.label}”" for move in self.moves if move.action is action)
        return self._refusal.format(state=state.label, action=action.label, sources="、".join(sources))

    def replay(self, history: Iterable[str]) -> S:
        """The state in which a history ends. Raises BrokenHistory for one that the table does not allow."""
        state = None if self.begin else self.start
        for text in history:
            state = self._next(state, self._action(text))
        if state is None:
            raise BrokenHistory("no history")
        return state

    def _next(self, state: S | None, action: A) -> S:
        if state is None and action is self.begin:
            return self.start
        found = self._by_pair.get((action, state)) if state is not None else None
        if not found:
            raise BrokenHistory(f"{action} after {state}")
        return found[0].target
