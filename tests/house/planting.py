"""Putting a fault into modules that are already imported. Meant for a forked process: nothing is taken back.

A function gets other code. A table is made anew, with everything that is made of it while modules are read, and put wherever its
name was imported; dictionaries, lists and sets are changed in place.
"""

import ast
import builtins
import functools
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from script.imports import ROOMS
from tests.house.faults import Site, sites

TELL = "__told_to_the_planter__"


class NotPlanted(Exception):
    """This fault cannot be put into living modules."""


class BreaksImport(Exception):
    """A module with this fault could not be imported: that would be noticed at once."""


@dataclass(frozen=True)
class Fault:
    """The `number`-th site of a module."""

    module: str
    path: Path
    number: int
    site: Site

    def told(self, root: Path) -> str:
        """Where it is and what it changes, in one line."""
        return f"{self.path.relative_to(root)}:{self.site.line} {self.what}"

    @property
    def what(self) -> str:
        """What it changes, whatever line that stands in: the function or the table, and the change."""
        return f"{self.site.place or self.site.table}  {self.site.change}"


def faults_in(module: str, path: Path) -> list[Fault]:
    """All faults that the module has room for."""
    found = enumerate(sites(ast.parse(path.read_bytes())))
    return [Fault(module, path, number, site) for number, site in found]


@dataclass
class Ground:
    """What is alive, looked up once before the forks: functions by file and name, and who imported which name."""

    functions: dict[tuple[str, str], list[FunctionType]] = field(default_factory=dict)
    importers: dict[tuple[str, str], list[tuple[ModuleType, str]]] = field(default_factory=dict)
    caches: list[Callable[[], None]] = field(default_factory=list)

    def look(self) -> "Ground":
        """Look through what is imported of ours."""
        gc.unfreeze()
        for thing in gc.get_objects():
            if type(thing) is FunctionType:  # isinstance would ask proxies of what is gone
                self.functions.setdefault((thing.__code__.co_filename, thing.__code__.co_qualname), []).append(thing)
            elif type(thing) is functools._lru_cache_wrapper and _ours(thing.__module__):
                self.caches.append(thing.cache_clear)
        for module in [each for name, each in sys.modules.items() if _ours(name)]:
            for origin, name, here in _from_imports(module):
                self.importers.setdefault((origin, name), []).append((module, here))
        gc.freeze()  # or every fork would copy all of it while looking for garbage
        return self


def _ours(name: str | None) -> bool:
    return (name or "").partition(".")[0] in (*ROOMS, "tests")


def _from_imports(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    for statement in ast.walk(_tree(module)):
        if isinstance(statement, ast.ImportFrom) and statement.module:
            yield from ((statement.module, each.name, each.asname or each.name) for each in statement.names)


@functools.cache
def _tree(module: ModuleType) -> ast.Module:
    file = getattr(module, "__file__", None)
    return ast.parse(Path(file).read_bytes()) if file and file.endswith(".py") else ast.Module([], [])


def made_while_read(module: str) -> set[str]:
    """Names that the module's own assignments use: a fault in such a function is one in its tables."""
    return {name for each in _tree(sys.modules[module]).body if _assigns(each) for name in _read(each)}


def plant(fault: Fault, ground: Ground) -> None:
    """Put the fault into the living modules. Raises NotPlanted, BreaksImport."""
    tree = ast.parse(fault.path.read_bytes())
    site = sites(tree)[fault.number]
    site.plant()
    ast.fix_missing_locations(tree)
    module = sys.modules[fault.module]
    if site.place:
        _exchange(compile(tree, str(fault.path), "exec"), site, str(fault.path), ground)
        changed = [(module, site.place.partition(".")[0])]
    else:
        changed = _made_anew(module, tree.body[site.statement], ground)
    _follow(changed, {(fault.module, tree.body[site.statement].lineno)}, ground)
    for clear in ground.caches:
        clear()


def _exchange(code: CodeType, site: Site, file: str, ground: Ground) -> None:
    """Give the function its new code, and likewise what it made while modules were read: readers, decorators."""
    [*found] = (each for each in _codes(code) if each.co_qualname == site.place and each.co_firstlineno <= site.line)
    new = max(found, key=lambda each: each.co_firstlineno)
    exchanged = [_give(each, file, ground) for each in (new, *_codes(new))]
    if not exchanged[0]:
        raise NotPlanted


def _give(new: CodeType, file: str, ground: Ground) -> bool:
    same = [
        each
        for each in ground.functions.get((file, new.co_qualname), [])
        if each.__code__.co_firstlineno == new.co_firstlineno and each.__code__.co_freevars == new.co_freevars
    ]
    for function in same:
        function.__code__ = new
    return bool(same)


def have_told(path: Path, called: set[tuple[str, str]], ground: Ground) -> None:
    """Let the functions of a file say to `called` that they run: its path, and the outermost function's name.

    Not by a tracer, which would stop at every call of the framework's too.
    """
    tree = ast.parse(path.read_bytes())
    _tell(tree, str(path), "", "")
    code = compile(ast.fix_missing_locations(tree), str(path), "exec")
    setattr(builtins, TELL, called.add)
    same: dict[tuple[str, int], list[CodeType]] = {}
    for each in _codes(code):
        same.setdefault((each.co_qualname, each.co_firstlineno), []).append(each)
    for each, *others in same.values():
        if not others:  # two lambdas of a line cannot be told apart
            _give(each, str(path), ground)


def _tell(node: ast.AST, file: str, place: str, within: str) -> None:
    """Put the sentence first into every function below a node, and around what a lambda gives."""
    for child in ast.iter_child_nodes(node):
        inner = place or f"{within}{getattr(child, 'name', '<lambda>')}"
        match child:
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
                _tell(child, file, inner, "")
                body.insert(0, ast.Expr(_telling(file, inner)))
            case ast.Lambda(body=value):
                _tell(child, file, inner, "")
                both = ast.Tuple([_telling(file, inner), value], ast.Load())
                child.body = ast.Subscript(both, ast.Constant(1), ast.Load())
            case ast.ClassDef(name=name):
                _tell(child, file, place, f"{within}{name}.")
            case _:
                _tell(child, file, place, within)


def _telling(file: str, place: str) -> ast.Call:
    return ast.Call(ast.Name(TELL, ast.Load()), [ast.Constant((file, place))], [])


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _follow(changed: list[tuple[ModuleType, str]], done: set[tuple[str, int]], ground: Ground) -> None:
    """Make anew what was made of the changed names while modules were read."""
    seen = set()
    while changed:
        module, name = changed.pop()
        if (module.__name__, name) in seen:
            continue
        seen.add((module.__name__, name))
        changed += ground.importers.get((module.__name__, name), [])
        package, _, own = module.__name__.rpartition(".")
        changed += [(by, f"{here}.{name}") for by, here in ground.importers.get((package, own), []) if "." not in name]
        for statement in _tree(module).body:
            where = module.__name__, statement.lineno
            if _assigns(statement) and where not in done and name in _read(statement):
                done.add(where)
                changed += _made_anew(module, statement, ground)


def _assigns(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and statement.value is not None


def _read(statement: ast.stmt) -> set[str]:
    """Names, and those of other modules with a point in them."""
    walked = list(ast.walk(statement.value))
    dotted = {f"{each.value.id}.{each.attr}" for each in walked if _is_of_a_module(each)}
    return dotted | {each.id for each in walked if isinstance(each, ast.Name)}


def _is_of_a_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _made_anew(module: ModuleType, statement: ast.stmt, ground: Ground) -> list[tuple[ModuleType, str]]:
    """Run an assignment of a module again; the names whose values differ from before."""
    if not _assigns(statement):
        raise NotPlanted
    names = {each.id for each in ast.walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    before = {name: vars(module)[name] for name in names if name in vars(module)}
    try:
        exec(compile(ast.Module([statement], []), str(module.__file__), "exec"), vars(module))
    except Exception as trouble:
        raise BreaksImport from trouble
    for name, old in before.items():
        _put(module, name, old, ground)
    return [(module, name) for name in before]


def _put(module: ModuleType, name: str, old: object, ground: Ground) -> None:
    new = vars(module)[name]
    if type(old) is type(new) and isinstance(old, dict | set | list):
        contents = new.copy()
        old.clear()
        old.extend(contents) if isinstance(old, list) else old.update(contents)
        setattr(module, name, old)
        return
    for function in (each for each in vars(module).values() if isinstance(each, FunctionType) and each.__defaults__):
        function.__defaults__ = tuple(
            new if each is old and each is not None else each for each in function.__defaults__
        )
    for importer, here in ground.importers.get((module.__name__, name), []):
        if here in vars(importer):
            setattr(importer, here, new)
