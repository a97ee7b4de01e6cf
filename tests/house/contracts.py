"""The import contracts of pyproject.toml, asked of the real graph and of one with imports planted into it."""

import tomllib
from copy import deepcopy
from functools import cache
from typing import Any

import grimp
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract

from dongkou.layout import BASE_DIR

CONTRACTS = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
SUBJECTS = {each["containers"][0]: each["id"] for each in CONTRACTS["contracts"] if each.get("exhaustive")}


def contract(name: str) -> Any:
    [found] = [each for each in CONTRACTS["contracts"] if each["id"] == name]
    kind = {"independence": IndependenceContract, "layers": LayersContract}[found["type"]]
    plain = {key: str(value) if isinstance(value, bool) else value for key, value in found.items()}
    options = {key: value for key, value in plain.items() if key not in ("id", "name", "type")}
    session = {"root_packages": CONTRACTS["root_packages"]}
    return kind(name=found["name"], session_options=session, contract_options=options)


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*CONTRACTS["root_packages"], cache_dir=None)


def kept(name: str, **planted: str) -> bool:
    """Whether the contract holds, with imports planted into the graph: importer=imported."""
    found = deepcopy(graph()) if planted else graph()
    for importer, imported in planted.items():
        found.add_import(importer=importer.replace("__", "."), imported=imported)
    return bool(contract(name).check(found, verbose=False).kept)


def floors(room: str) -> list[list[str]]:
    """The subjects on each line of the room's contract, from the roof down."""
    [found] = [each for each in CONTRACTS["contracts"] if each["id"] == SUBJECTS[room]]
    return [[name.strip() for name in line.split("|")] for line in found["layers"]]
