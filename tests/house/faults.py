"""Small faults that somebody could have written, and where a module has room for them. Nothing is run here.

A fault changes one place: a comparison, a sign, a limit by one, `and` for `or`, a `not` dropped, a statement or an element of a table
left out, something else returned; inside SQL the same. Words that people read, defaults, annotations, assertions and
great numbers are left alone.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "filter": "exclude",
    "exclude": "filter",
    "first": "last",
}
LOOKUPS = {"__lt": "__lte", "__lte": "__lt", "__gt": "__gte", "__gte": "__gt"}
_LOOKUP = re.compile(r"__[lg]te?$")
_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|JOIN|VALUES|CASE WHEN|ORDER BY)\b")
IN_SQL: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(?<=\s)<(?=\s)", "<="),
        (r"(?<=\s)<=(?=\s)", "<"),
        (r"(?<=\s)>(?=\s)", ">="),
        (r"(?<=\s)>=(?=\s)", ">"),
        (r"(?<=\s)<>(?=\s)", "="),
        (r"\b(?:WHERE|AND|ON|WHEN|OR) [\w.]+ (=)(?=\s)", "<>"),
        (r"(?<=\s)\+(?=\s)", "-"),
        (r"(?<=\s)-(?=\s)", "+"),
        (r"(?<=\s)AND(?=\s[a-z(])", "OR"),
        (r"(?<=\s)OR(?=\s)", "AND"),
        (r"\bsum(?=\()", "max"),
        (r"\bmax(?=\()", "min"),
        (r"\bmin(?=\()", "max"),
        (r"\bleast(?=\()", "greatest"),
        (r"\bgreatest(?=\()", "least"),
        (r"\bIS NULL\b", "IS NOT NULL"),
        (r"\bIS NOT NULL\b", "IS NULL"),
        (r"\bNOT EXISTS\b", "EXISTS"),
        (r" DESC\b", ""),
        (r"(?<=[ (])\d+(?=[ ,)])", "+1"),
    )
)
A_LOT = 100_000  # bytes, cells, rows: one more or less of so many is no rule that anybody meets
Change = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class Site:
    """Where a fault fits: `plant` puts it into the tree that the site was found in."""

    line: int
    statement: int  # number of the module's statement
    place: str  # the outermost function, with its class; empty outside of functions
    table: str  # the name that the statement assigns to; empty for others
    change: str
    plant: Callable[[], None] = field(compare=False, repr=False)


def sites(tree: ast.Module) -> list[Site]:
    """All sites of a module, always in the same order."""
    return [
        Site(_line(node), number, place, _table(statement), *change)
        for number, statement in enumerate(tree.body)
        for node, place in _places(statement, "", "")
        for change in (() if isinstance(node, ast.ClassDef) else _changes(node))
    ]


def _table(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
            return name
    return ""


def _places(node: ast.AST, place: str, within: str) -> Iterator[tuple[ast.AST, str]]:
    """Every node that may be changed with the function around it, if any; `within` is the class."""
    if _left_alone(node):
        return
    if isinstance(node, ast.FunctionDef):
        place = place or f"{within}{node.name}"
    yield node, place
    within = f"{node.name}." if isinstance(node, ast.ClassDef) else within
    for child in _children(node):
        yield from _places(child, place, within)


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0) or next((each.lineno for each in ast.walk(node) if hasattr(each, "lineno")), 0)


def _left_alone(node: ast.AST) -> bool:
    match node:
        case ast.BinOp() if _value(node) >= A_LOT:
            return True
        case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.AsyncFunctionDef() | ast.arguments():
            return True
        case ast.keyword("strict"):  # zip's guard against ourselves
            return True
        case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.Expr(ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name("__all__" | "__slots__")]) | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
            return True
    return False


def _value(node: ast.expr) -> float:
    """What a product of numbers comes to; nothing for anything else."""
    match node:
        case ast.BinOp(left, ast.Mult() | ast.Pow() as operator, right):
            one, other = _value(left), _value(right)
            return one * other if isinstance(operator, ast.Mult) else one**other
        case ast.Constant(int(value) | float(value)):
            return value
    return 0


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.FunctionDef(body=body):
            yield from body
        case ast.ClassDef(body=body):
            yield from (each for each in body if isinstance(each, ast.FunctionDef))
        case ast.AnnAssign(value=value):
            yield from [value] if value else []
        case ast.Raise():
            return
        case _:
            yield from ast.iter_child_nodes(node)


# What can be changed about one node


def _changes(node: ast.AST) -> Iterator[Change]:
    for kind in (_comparisons, _arithmetic, _logic, _calls, _constants, _returns, _tables):
        yield from kind(node)


def _to(thing: object, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(thing, name, value)


def _at(things: list, number: int, value: object) -> Callable[[], None]:
    return lambda: things.__setitem__(number, value)


def _without(things: tuple[list, ...], number: int) -> Callable[[], None]:
    def plant() -> None:
        for each in things:
            del each[number]

    return plant


def _comparisons(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            instead = COMPARISONS[type(operator)]
            yield f"{ast.unparse(node)}: {instead.__name__}", _at(node.ops, number, instead())


def _arithmetic(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in SIGNS and not (_text(left) or _text(right)):
            instead = SIGNS[type(operator)]
            yield f"{ast.unparse(node)}: {instead.__name__}", _to(node, "op", instead())
        case ast.AugAssign(op=operator) if type(operator) in SIGNS:
            instead = SIGNS[type(operator)]
            yield f"{ast.unparse(node)}: {instead.__name__}", _to(node, "op", instead())


def _text(node: ast.expr) -> bool:
    """Whether it is text for sure: with other signs it would only break."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _logic(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BoolOp(operator):
            instead = ast.Or if isinstance(operator, ast.And) else ast.And
            yield f"{ast.unparse(node)}: {instead.__name__}", _to(node, "op", instead())
        case ast.UnaryOp(ast.Not(), operand):
            yield f"{ast.unparse(node)}: not dropped", _to(node, "operand", _not(operand))
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr
        ):
            yield f"if {ast.unparse(test)}: turned round", _to(node, "test", _not(test))
        case ast.comprehension(ifs=tests):
            for number, test in enumerate(tests):
                yield f"if {ast.unparse(test)}: dropped", _at(tests, number, ast.Constant(value=True))


def _not(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=node)


def _calls(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Call(func=ast.Name(name) as function) if name in FUNCTIONS:
            yield f"{ast.unparse(node)}: {FUNCTIONS[name]}", _to(function, "id", FUNCTIONS[name])
        case ast.Call(func=ast.Attribute(attr=name) as method) if name in METHODS:
            yield f"{ast.unparse(node)}: {METHODS[name]}", _to(method, "attr", METHODS[name])
        case ast.keyword(arg=str(name)) if found := _LOOKUP.search(name):
            instead = name[: found.start()] + LOOKUPS[found[0]]
            yield f"{name}: {instead}", _to(node, "arg", instead)


def _constants(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(bool(value)):
            yield f"{value}: {not value}", _to(node, "value", not value)
        case ast.Constant(int(value) | float(value)) if value < A_LOT:
            yield f"{value}: {value + 1}", _to(node, "value", value + 1)
        case ast.Constant(str(value)) if _SQL.search(value):
            for text, instead in _in_sql(value):
                yield text, _to(node, "value", instead)


def _in_sql(sql: str) -> Iterator[tuple[str, str]]:
    for pattern, instead in IN_SQL:
        for found in pattern.finditer(sql):
            start, end = found.span(found.lastindex or 0)
            new = str(int(found[0]) + 1) if instead == "+1" else instead
            around = " ".join(sql[max(start - 30, 0) : end + 20].split())
            yield f"SQL …{around}…: {sql[start:end]!r} is {new!r}", sql[:start] + new + sql[end:]


def _returns(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        yield f"{ast.unparse(node)}: None", _to(node, "value", ast.Constant(value=None))
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        yield from _dropped(statements) if isinstance(statements, list) else ()


def _dropped(statements: list[ast.stmt]) -> Iterator[Change]:
    for number, each in enumerate(statements):
        if isinstance(each, ast.Raise | ast.Continue) or (
            isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)
        ):
            yield f"{ast.unparse(each)}: dropped", _at(statements, number, ast.Pass())


def _tables(node: ast.AST) -> Iterator[Change]:
    """Tuples are tables where nothing counts on their length."""
    match node:
        case ast.List(elts=[_, _, *_], ctx=ast.Load()) | ast.Set(elts=[_, _, *_]):
            yield from _shorter(node.elts, node.elts)
        case ast.Dict(keys=[_, _, *_]):
            yield from _shorter(
                [key or value for key, value in zip(node.keys, node.values, strict=True)], node.keys, node.values
            )
        case ast.Compare(comparators=found) | ast.Call(func=ast.Name("frozenset" | "set" | "dict"), args=found):
            yield from (
                change for each in found if isinstance(each, ast.Tuple) for change in _shorter(each.elts, each.elts)
            )
        case ast.Assign(targets=[ast.Name()], value=ast.Tuple(elts=found)) | ast.AnnAssign(value=ast.Tuple(elts=found)):
            yield from _shorter(found, found)
        case ast.For(iter=ast.Tuple(elts=found)) | ast.comprehension(iter=ast.Tuple(elts=found)):
            yield from _shorter(found, found)


def _shorter(told: list[ast.expr], *things: list) -> Iterator[Change]:
    for number, each in enumerate(told if len(told) > 1 else ()):
        yield f"element {ast.unparse(each)}: left out", _without(things, number)
