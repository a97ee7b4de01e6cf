"""Which tests a change touches: by imports, by the files that a text names, and by the addresses that a test opens.

A test's distance is the number of steps from it to what was changed. Nearest tests come first; what does not fit into the time is
named, not forgotten. Tests about the tree itself (``tests/house``) are always among them.
"""

import ast
import re
import subprocess
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from script.imports import ROOMS, ROOT, graph, importers, modules

CODE = (*ROOMS, "script", "tests")
TEXTS = ("templates", "static")
ALWAYS = "tests/house/"
BUDGET = 200.0  # seconds of one processor: with two, and the start of their servers, well under three minutes
START, PLAIN, SLOW = 0.5, 0.3, 4.0  # seconds to collect a file, of a usual test, of one with a browser or processes
_SLOW = re.compile(r"\b(browser_page|live_site|celery_workers?\w*|ready_layout|empty_layout)\b")
_TEST = re.compile(r"^def test_", re.MULTILINE)
_CONVERTER = re.compile(r"<[^>]*>")


class NoBase(Exception):
    """One sentence for whoever asked."""


@dataclass(frozen=True)
class Selection:
    """Test files to run, nearest first, and those left out because they are farther than the time reaches."""

    base: str
    changed: tuple[str, ...]
    chosen: tuple[str, ...]
    left_out: tuple[str, ...]
    seconds: float

    def told(self) -> str:
        """What was chosen and what was not, for the one who waits."""
        lines = [
            f"自 {self.base[:12]} 起改动 {len(self.changed)} 个文件；选中 {len(self.chosen)} 个测试文件，约需 {self.seconds:.0f} 秒。"
        ]
        if self.left_out:
            lines += [f"离改动较远、这次不跑的有 {len(self.left_out)} 个：", *(f"  {path}" for path in self.left_out)]
        return "\n".join(lines)


# What was changed


def changed_since(asked: str, root: Path = ROOT) -> tuple[str, tuple[str, ...]]:
    """The base and the files that differ from it, committed or not. Raises NoBase.

    Without being asked for one: where this branch left ``main``; on ``main`` itself what is not committed, else the last commit.
    """
    base = _commit(asked, root) if asked else _usual_base(root)
    if not base:
        raise NoBase(f"没有版本 {asked}。" if asked else "这里没有可以比较的版本，请用 --base 指定一个。")
    return base, tuple(sorted(_differing(base, root)))


def _usual_base(root: Path) -> str:
    head = _commit("HEAD", root)
    for main in ("main", "origin/main"):
        left = _git("merge-base", "HEAD", main, root=root).strip()
        if left and left != head:
            return left
    return head if head and _differing(head, root) else _commit("HEAD~1", root)


def _differing(base: str, root: Path) -> set[str]:
    told = _git("diff", "--name-only", base, root=root) + _git("ls-files", "--others", "--exclude-standard", root=root)
    return set(told.splitlines())


def _commit(name: str, root: Path) -> str:
    return _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", root=root).strip()


def _git(*words: str, root: Path) -> str:
    """What git says; nothing where it refuses."""
    command = ["git", "-c", "core.quotePath=off", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


# Who depends on it


@dataclass
class Tree:
    """The files of the tree and who names whom. Files are told by their paths below the root."""

    root: Path = ROOT
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, Path]:
        """Python files by module name."""
        return modules(*CODE, root=self.root)

    @cached_property
    def texts(self) -> dict[str, str]:
        """What stands in each file, by its path."""
        others = (path for folder in TEXTS for path in (self.root / folder).rglob("*.*"))
        paths = [*self.files.values(), *(path for path in others if path.suffix in (".html", ".txt", ".js", ".css"))]
        return {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in paths}

    @cached_property
    def tests(self) -> list[str]:
        """Files with tests in them."""
        return sorted(path for path in self.texts if path.startswith("tests/") and Path(path).name.startswith("test_"))

    @cached_property
    def _importers(self) -> dict[str, set[str]]:
        paths = {name: path.relative_to(self.root).as_posix() for name, path in self.files.items()}
        return {
            paths[name]: {paths[one] for one in by}
            for name, by in importers(graph(self.files)).items()
            if name in paths
        }

    @cached_property
    def _openers(self) -> dict[str, set[str]]:
        """Tests by the module of the view whose page they open, by name or by address."""
        opened: dict[str, set[str]] = {}
        addresses = [each for path in self.texts if not path.startswith("tests/") for each in self._addresses(path)]
        for test in (path for path in self.texts if path.startswith("tests/") and path.endswith(".py")):
            strings = set(_strings(ast.parse(self.texts[test])))
            places = " ".join(each for each in strings if "/" in each)
            for name, pattern, module in addresses:
                if name in strings or pattern.search(places):
                    opened.setdefault(module, set()).add(test)
        return opened

    def _addresses(self, path: str) -> Iterator[tuple[str, re.Pattern[str], str]]:
        if not path.endswith(".py") or "urlpatterns" not in self.texts[path]:
            return
        parsed = ast.parse(self.texts[path])
        origins = _origins(parsed)
        for call in ast.walk(parsed):
            match call:
                case ast.Call(
                    func=ast.Name("path"),
                    args=[ast.Constant(str(where)), view, *_],
                    keywords=[ast.keyword("name", name)],
                ):
                    yield (
                        ast.literal_eval(name),
                        _pattern(where),
                        self._module(origins.get(_first_name(view), "")) or path,
                    )

    def _module(self, origin: str) -> str:
        """The file of a module, or of the module that something comes from."""
        file = self.files.get(origin) or self.files.get(origin.rpartition(".")[0])
        return file.relative_to(self.root).as_posix() if file else ""

    def dependants(self, path: str) -> set[str]:
        """Files that import this one, name it, open its page, or are the tests of its subject."""
        return (
            self._importers.get(path, set()) | self._openers.get(path, set()) | self._namers(path) | self._mirrors(path)
        )

    def _namers(self, path: str) -> set[str]:
        """Whoever has the name of a file in its text that Python does not import."""
        if Path(path).name == "conftest.py":
            folder = f"{Path(path).parent.as_posix()}/"
            return {test for test in self.tests if test.startswith(folder)}
        wanted = _called(path)
        anywhere = path.startswith(TEXTS)
        texts = self.texts.items() if wanted else ()
        return {
            other
            for other, text in texts
            if wanted in text and other != path and (anywhere or other.startswith("tests/"))
        }

    def _mirrors(self, path: str) -> set[str]:
        """Tests stand under the same two names, room and subject, as what they test."""
        parts = Path(path).parts[path.startswith(TEXTS) :]
        folder = f"tests/{'/'.join(parts[:2])}/" if len(parts) > 2 else ""
        return {test for test in self.tests if test.startswith(folder)} if folder else set()

    def distances(self, changed: tuple[str, ...]) -> dict[str, int]:
        """Steps from each file that depends on a changed one to the nearest of these."""
        steps = dict.fromkeys(changed, 0)
        queue = deque(steps)
        while queue:
            path = queue.popleft()
            for other in self.dependants(path):
                if other not in steps:
                    steps[other] = steps[path] + 1
                    queue.append(other)
        return steps

    def seconds(self, test: str) -> float:
        """About how long a file of tests takes."""
        text = self.texts[test]
        return START + len(_TEST.findall(text)) * (SLOW if _SLOW.search(text) else PLAIN)


def _called(path: str) -> str:
    """How other files name this one; empty if they import it."""
    file = Path(path)
    if path.startswith(TEXTS):
        return file.name if file.suffix == ".js" else "/".join(file.parts[1:])
    if "migrations" in file.parts or "commands" in file.parts:
        return f'"{file.stem}"' if "commands" in file.parts else file.stem
    return file.name if file.suffix != ".py" or file.parts[0] == "script" else ""


def _pattern(address: str) -> re.Pattern[str]:
    """Where a text opens an address; the front page's is too short to be told from others."""
    parts = [re.escape(part) for part in _CONVERTER.split(address)]
    return re.compile("/" + "[^/ ]+".join(parts) + r"(?![\w<])" if address else r"(?!)")


def _strings(parsed: ast.AST) -> Iterator[str]:
    """String constants; a formatted one with x for each value in it."""
    for each in ast.walk(parsed):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
        elif isinstance(each, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in each.values)


def _origins(parsed: ast.AST) -> dict[str, str]:
    """Full names of what a module imports from others, by the names it has there."""
    found = (each for each in ast.walk(parsed) if isinstance(each, ast.ImportFrom) and each.module)
    return {name.asname or name.name: f"{each.module}.{name.name}" for each in found for name in each.names}


def _first_name(view: ast.expr) -> str:
    while isinstance(view, ast.Attribute):
        view = view.value
    return view.id if isinstance(view, ast.Name) else ""


# What is chosen


def select(asked: str = "", tree: Tree | None = None, budget: float = BUDGET) -> Selection:
    """The tests that a change touches, as many as fit into so many seconds of a processor. Raises NoBase."""
    tree = tree or Tree()
    base, changed = changed_since(asked, tree.root)
    steps = tree.distances(changed)
    touched = sorted(steps.keys() & set(tree.tests), key=lambda test: (steps[test], tree.seconds(test), test))
    chosen = [test for test in tree.tests if test.startswith(ALWAYS)]
    seconds = sum(map(tree.seconds, chosen))
    left_out = []
    for test in touched:
        if test in chosen:
            continue
        if steps[test] and seconds + tree.seconds(test) > budget:
            left_out.append(test)
        else:
            chosen.append(test)
            seconds += tree.seconds(test)
    return Selection(base, changed, tuple(chosen), tuple(left_out), seconds)
