"""Which module of this tree imports which, read from the source without running it."""

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("dongkou", "households", "petitions", "rewards", "scoring")

Graph = Mapping[str, frozenset[str]]


def modules(*folders: str, root: Path = ROOT) -> dict[str, Path]:
    """Files by module name, packages under the name of their folder."""
    files = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return {_name(path.relative_to(root)): path for path in files}


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def graph(files: Mapping[str, Path]) -> Graph:
    """What each module imports: ours by their full names, others as they are written.

    Imports inside functions and for types count; the packages around an imported module do not, because they are a door to
    it for others and nothing that it leans on.
    """
    return {name: frozenset(_imports(name, path, files)) for name, path in files.items()}


def _imports(name: str, path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for statement in ast.walk(ast.parse(path.read_bytes())):
        for wanted in _named(statement, package):
            yield wanted if wanted in files else wanted.rpartition(".")[0] or wanted


def _named(statement: ast.AST, package: str) -> list[str]:
    if isinstance(statement, ast.Import):
        return [f"{each.name}." for each in statement.names]
    if not isinstance(statement, ast.ImportFrom):
        return []
    above = package.split(".")[: package.count(".") + 2 - statement.level] if statement.level else []
    origin = ".".join([*above, *([statement.module] if statement.module else [])])
    return [f"{origin}.{each.name}" for each in statement.names]


def importers(found: Graph) -> dict[str, set[str]]:
    """The other way round: by whom each module is imported."""
    turned: dict[str, set[str]] = {}
    for importer, imported in found.items():
        for name in imported:
            turned.setdefault(name, set()).add(importer)
    return turned


def distances(starts: Iterable[str], arrows: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """How many steps along the arrows lead to each name, from the nearest start."""
    steps = dict.fromkeys(starts, 0)
    queue = deque(steps)
    while queue:
        name = queue.popleft()
        for other in arrows.get(name, ()):
            if other not in steps:
                steps[other] = steps[name] + 1
                queue.append(other)
    return steps


def way(start: str, ends: Iterable[str], arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """A shortest way along the arrows from a name to one whose first part is among `ends`; empty if none leads there."""
    wanted = frozenset(ends)
    came: dict[str, str] = {start: ""}
    queue = deque(came)
    while queue:
        name = queue.popleft()
        if name.partition(".")[0] in wanted:
            return _steps(name, came)
        for other in sorted(arrows.get(name, ())):
            if other not in came:
                came[other] = name
                queue.append(other)
    return []


def _steps(name: str, came: Mapping[str, str]) -> list[str]:
    steps = [name]
    while came[steps[-1]]:
        steps.append(came[steps[-1]])
    return steps[::-1]
