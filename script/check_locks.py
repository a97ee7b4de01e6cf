"""Migrations that would keep people from entering: on tables that grow for ever nothing may hold a lock as long as they are long.

An index is made beside the work (`AddIndexConcurrently`), a constraint first without looking at old rows (`AddConstraintNotValid`,
then `ValidateConstraint` in a migration of its own), a column is never given another type. Where it cannot be helped the module
says so, and for how long: a comment that begins with ``Locks:``. Migrations of before are what they are.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from script.imports import ROOMS, ROOT

# Tables that grow with households times months, or with every act.
LARGE = {
    "households": {"household", "auditevent", "operation", "trail", "outboxmessage", "householdwords", "plate"},
    "scoring": {"scoreevent", "householdscore", "divisionscore", "account", "pointentry", "pointnotice"},
    "petitions": {"petition", "petitionevent", "clockrun", "answerrow"},
    "rewards": {"redemption", "stockmove"},
}
SINCE = {"dongkou": 1, "households": 32, "petitions": 15, "rewards": 8, "scoring": 29}  # the last ones of before
SLOW = {
    "AddIndex": "AddIndexConcurrently",
    "AddConstraint": "AddConstraintNotValid and ValidateConstraint",
    "AlterField": "a new column, filled bit by bit",
    "AlterUniqueTogether": "an index made beside the work",
}
INDEX = re.compile(r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]*?\bON\s+(?:ONLY\s+)?(\w+)", re.IGNORECASE)
ALTER = re.compile(
    r"ALTER\s+TABLE\s+(?:ONLY\s+)?(\w+)[^;]*?(?:\bTYPE\b|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT(?![^;]*NOT\s+VALID))",
    re.IGNORECASE,
)
SAID = re.compile(r"^\s*# Locks: \S", re.MULTILINE)


def new_migrations(root: Path) -> Iterator[tuple[str, Path]]:
    """Those written since, with their rooms."""
    for room in ROOMS:
        for path in sorted((root / room / "migrations").glob("[0-9]*.py")):
            if int(path.name[:4]) > SINCE.get(room, 0):
                yield room, path


def complaints(room: str, source: str, large: Mapping[str, set[str]] = LARGE) -> Iterator[str]:
    """What one migration would lock; nothing when it says why."""
    if SAID.search(source):
        return
    tables = {f"{of}_{model}" for of, models in large.items() for model in models}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SLOW:
            model = _model(node)
            if model in large.get(room, set()):
                yield f"{node.func.attr} locks {room}_{model} as long as it is long; take {SLOW[node.func.attr]}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern in (INDEX, ALTER):
                yield from (
                    f"SQL locks {table} as long as it is long: {' '.join(found.split())[:60]}"
                    for found, table in ((match[0], match[1].lower()) for match in pattern.finditer(node.value))
                    if table in tables
                )


def _model(call: ast.Call) -> str:
    named = [word.value for word in call.keywords if word.arg in ("model_name", "name")]
    values = [node.value for node in (*call.args, *named) if isinstance(node, ast.Constant)]
    return str(values[0]).lower() if values else ""


def main() -> int:
    """Print the complaints. Exit code 1 if there are any."""
    found = [
        f"{path.relative_to(ROOT)}: {sentence}"
        for room, path in new_migrations(ROOT)
        for sentence in complaints(room, path.read_text(encoding="utf-8"))
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
