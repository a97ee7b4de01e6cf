"""Whether the pure modules are pure. A module is pure when the sentence "Pure." stands in its docstring.

Then it imports no framework, neither itself nor through another module of ours. Modules whose name promises rules, states or
arithmetic and that know no framework must say so. Nothing else keeps a list: tests and documents take it from here.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from script.imports import ROOMS, Graph, graph, modules, way

FRAMEWORKS = ("celery", "django", "psycopg2", "redis", "rest_framework")
SENTENCE = re.compile(r"(?<!\S)Pure\.(?!\S)")
PROMISING = re.compile(r"(\w+_)?(rules|states|ladder)|codes|masks|money|lots|merkle|redlines|workdays|clock_\w+")


def pure_modules(files: Mapping[str, Path]) -> set[str]:
    """Names of the modules that say they are pure."""
    return {name for name, path in files.items() if says_pure(path.read_text(encoding="utf-8"))}


def says_pure(source: str) -> bool:
    """Whether the sentence stands in the module's docstring."""
    return bool(SENTENCE.search(ast.get_docstring(ast.parse(source)) or ""))


def complaints(files: Mapping[str, Path], imports: Graph) -> Iterator[str]:
    """One sentence for each module that is not what it says or promises."""
    pure = pure_modules(files)
    for name in sorted(pure):
        if steps := way(name, FRAMEWORKS, imports):
            yield f'{name} says "Pure." but imports a framework: {" -> ".join(steps)}'
    for name, path in sorted(files.items()):
        if name not in pure and PROMISING.fullmatch(path.stem) and not way(name, FRAMEWORKS, imports):
            yield f'{name} promises to be pure by its name, but its docstring does not say "Pure."'


def main() -> int:
    """Print the complaints. Exit code 1 if there are any."""
    files = modules(*ROOMS)
    found = list(complaints(files, graph(files)))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
