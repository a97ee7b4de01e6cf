"""States and kinds as the shapes of several subjects name them. Pure."""

from scoring.rules import Kind
from scoring.states import EventState, SheetState

# Named in settings.SPECTACULAR_SETTINGS too: both are called "state" in answers.
SHEET_STATES = [(state.value, state.label) for state in SheetState]
CLAUSE_KINDS = [(kind.value, kind.label) for kind in Kind]
EVENT_STATES = [(state.value, state.label) for state in EventState]
