"""Where words on their way to a citizen stand in a dictionary of anything.

Read from the sources: the views that are open to people without an account, and whatever of the same subjects they call, also through
each other. A form's own `clean` is left out: its type is Django's.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from script.imports import modules

OPEN = {"public", "published", "filers"}
MAPPINGS = {"dict", "Mapping", "MutableMapping"}
ANYTHING = {"Any", "object"}
Place = tuple[str, str]  # a module and its function or class


class Sources:
    """The modules of some rooms, by name."""

    def __init__(self, *rooms: str, root: Path) -> None:
        files = modules(*rooms, root=root)
        self.trees = {name: ast.parse(path.read_bytes()) for name, path in files.items()}

    @cached_property
    def tops(self) -> Mapping[Place, ast.stmt]:
        """Functions and classes that stand at the head of a module."""
        kinds = ast.FunctionDef | ast.ClassDef
        return {
            (name, each.name): each
            for name, tree in self.trees.items()
            for each in tree.body
            if isinstance(each, kinds)
        }

    @cached_property
    def _origins(self) -> dict[str, dict[str, Place]]:
        return {
            name: {
                each.asname or each.name: (statement.module, each.name)
                for statement in ast.walk(tree)
                if isinstance(statement, ast.ImportFrom) and statement.module
                for each in statement.names
            }
            for name, tree in self.trees.items()
        }

    def open_views(self) -> set[Place]:
        """Views that need no account."""
        return {place for place, top in self.tops.items() if isinstance(top, ast.FunctionDef) and _is_open(top)}

    def reached(self) -> set[Place]:
        """The open views and what they call in their own subjects."""
        found, waiting = set[Place](), list(self.open_views())
        subjects = {_subject(module) for module, _ in waiting}
        while waiting:
            place = waiting.pop()
            if place in found or _subject(place[0]) not in subjects:
                continue
            found.add(place)
            waiting += self._called(place)
        return found

    def _called(self, place: Place) -> Iterator[Place]:
        module, origins = place[0], self._origins[place[0]]
        for node in ast.walk(self.tops[place]):
            match node:
                case ast.Name(name):
                    told = (module, name) if (module, name) in self.tops else origins.get(name)
                case ast.Attribute(ast.Name(name), attr) if name in origins:
                    told = (".".join(origins[name]), attr)
                case _:
                    told = None
            if told in self.tops:
                yield told

    def loose(self) -> list[str]:
        """Each such dictionary: module, function, annotation."""
        return sorted(
            f"{module}.{name}: {ast.unparse(node)}"
            for module, name in self.reached()
            for node in _walk(self.tops[module, name])
            if _is_loose(node)
        )


def _subject(module: str) -> str:
    return module.rpartition(".")[0]


def _is_open(view: ast.FunctionDef) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in OPEN)
        or (isinstance(each, ast.Call) and any(keyword.arg == "public" for keyword in each.keywords))
        for each in view.decorator_list
    )


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.FunctionDef) and child.name == "clean"):
            yield from _walk(child)


def _is_loose(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(ast.Name(kind), ast.Tuple([_, ast.Name(value)])):
            return kind in MAPPINGS and value in ANYTHING
    return False
