"""Whether the files of a subject stand in their order, and whether modules import each other in a circle.

Inside a subject: rules and states, actions, reads, page, forms and serializers, views and api, urls. What stands earlier never
imports what stands later; files with names of their own stand below the forms. A second file of a kind, `reads_x`, `views_x`,
counts as one of it. Which subject may know which is a contract of each room in pyproject.toml.
"""

import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from script.imports import ROOMS, Graph, graph, modules

ORDER = (
    ("rules", "states"),
    ("actions",),
    ("reads",),
    ("page",),
    ("forms", "serializers"),
    ("views", "api"),
    ("urls",),
)
RANKS = {name: rank for rank, names in enumerate(ORDER) for name in names}
FORMS = RANKS["forms"]
CENTRAL = frozenset({"bench", "demo", "management", "migrations", "models", "templatetags"})  # Django's, not subjects


def subject_of(name: str) -> tuple[str, ...]:
    """Room and subject of a module, empty for one that stands in none."""
    parts = name.split(".")
    return tuple(parts[:2]) if len(parts) > 2 and parts[1] not in CENTRAL else ()


def rank_of(name: str) -> int | None:
    """Where a module stands in its subject; None for a name of its own."""
    file = name.split(".")[2]
    return RANKS.get(file.partition("_")[0])


def complaints(imports: Graph) -> Iterator[str]:
    """One sentence for each import that goes upward in a subject, and for each circle."""
    for name in sorted(imports):
        for other in sorted(imports[name]):
            if subject_of(name) and subject_of(name) == subject_of(other) and _upward(name, other):
                yield f"{name} imports {other}, which stands above it in their subject"
    yield from _circles(imports)


def _upward(name: str, other: str) -> bool:
    above = rank_of(other)
    own = rank_of(name)
    return above is not None and (above >= FORMS if own is None else above > own)


def _circles(imports: Graph) -> Iterator[str]:
    """The first circle, if any. Packages around a module do not count: theirs is no import that somebody wrote."""
    own = {
        name: {other for other in imports[name] if other != name and not name.startswith(f"{other}.")}
        for name in imports
    }
    try:
        TopologicalSorter(own).prepare()
    except CycleError as circle:
        yield f"circle: {' <- '.join(circle.args[1])}"


def main() -> int:
    """Print the complaints. Exit code 1 if there are any."""
    found = list(complaints(graph(modules(*ROOMS))))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
