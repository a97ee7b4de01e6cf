"""Tests read as text, for the rules they keep: what they assert, import, patch and wait for."""

import ast
from collections.abc import Iterator
from pathlib import Path

PRODUCT = ("dongkou", "households", "petitions", "rewards", "scoring")
OWN = ("self", "cls", "super")
IN_SPITE = {"_meta", "_asdict", "_replace", "_fields", "_exit", "_lru_cache_wrapper"}  # public in spite of their names
JUDGES = ("raises", "assert", "audit_down")  # blocks that judge what is done in them
SLEEPS = {"time.sleep", "sleep", "asyncio.sleep"}


def trees(folder: Path) -> dict[str, ast.Module]:
    """Every module below the folder, by its path."""
    return {str(path.relative_to(folder)): ast.parse(path.read_text("utf-8")) for path in sorted(folder.rglob("*.py"))}


def status_alone(tree: ast.Module) -> Iterator[str]:
    """Tests whose every assertion is about a status code: none of them can show that nothing leaked or was written."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_") and _judges_status(function):
            yield function.name


def imports_of_tests(tree: ast.Module) -> Iterator[str]:
    """Modules of tests that this one imports: renaming a test must not break another."""
    for name in _imported(tree):
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split(".")):
            yield name


def private_names(tree: ast.Module) -> Iterator[str]:
    """Private names of somebody else that are imported, read or patched."""
    for name in _imported(tree):
        if name.startswith((*(f"{room}." for room in PRODUCT), "tests.")):
            yield from filter(_private, name.split(".")[-1:])
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _private(node.attr) and ast.unparse(node.value).split("(")[0] not in OWN:
            yield node.attr
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".setattr"):
            yield from filter(_private, (part for text in _texts(node) for part in text.split(".")[-1:]))


def sleeps(tree: ast.Module) -> Iterator[str]:
    """Calls that wait for a time instead of waiting for what must happen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SLEEPS:
            yield ast.unparse(node)


def global_random(tree: ast.Module) -> Iterator[str]:
    """Uses of the generator that all share: strategies and tests draw from one of their own, or no example can be had again."""
    imported = set(_imported(tree))
    yield from sorted(name for name in imported - {"random.Random"} if name.startswith("random."))
    for node in ast.walk(tree) if "random" in imported else ():
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "random" and node.attr != "Random":
            yield ast.unparse(node)


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in IN_SPITE and name != "_"


def _texts(call: ast.Call) -> Iterator[str]:
    yield from (given.value for given in call.args if isinstance(given, ast.Constant) and isinstance(given.value, str))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def _judges_status(test: ast.FunctionDef) -> bool:
    nodes = list(ast.walk(test))
    blocks = [item.context_expr for node in nodes if isinstance(node, ast.With) for item in node.items]
    if any(word in ast.unparse(block) for block in blocks for word in JUDGES):
        return False
    asserted = [node.test for node in nodes if isinstance(node, ast.Assert)]
    return bool(asserted) and all(map(_of_status, asserted))


def _of_status(node: ast.expr) -> bool:
    """Whether nothing but a status decides."""
    match node:
        case ast.BoolOp():
            return all(map(_of_status, node.values))
        case ast.UnaryOp():
            return _of_status(node.operand)
        case ast.Compare():
            return any(map(_is_status, [node.left, *node.comparators]))
    return _is_status(node)


def _is_status(node: ast.expr) -> bool:
    match node:
        case ast.Attribute():
            return node.attr == "status_code"
        case ast.SetComp() | ast.ListComp() | ast.GeneratorExp():
            return _of_status(node.elt)
        case ast.DictComp():
            return _is_status(node.value)
        case ast.Tuple() | ast.List() | ast.Set():
            return bool(node.elts) and all(map(_is_status, node.elts))
        case ast.Call(func=ast.Name()):
            return bool(node.args) and all(map(_is_status, node.args))
    return False
