"""Planted faults in the pure modules and the ledger are noticed by the tests. See `tests.house.planter`.

Another seed: PLANTED_SEED=7 script/test --long
"""

import os
from functools import cache

import pytest

from script.check_pure import pure_modules
from script.imports import ROOMS, ROOT, Graph, distances, graph, importers, modules
from tests.house.planter import Outcome, Plan, carry_out
from tests.house.waived import WAIVED

SEED = int(os.environ.get("PLANTED_SEED", "1"))
LEAST = 0.95
FILES = modules(*ROOMS)
PURE = pure_modules(FILES)
LEDGER = "scoring.ledger."
LASTING = ("test_interleavings.py", "test_bench.py")  # what takes longest tells of no single line
MADE_UP = ".demo."  # drawn by chance: nothing depends on what it says
PARTS = ("households", "petitions", "rewards", "scoring", "ledger")
GROUND = "households"
ROOF = "dongkou."  # has few of its own, which go with the households


def targets(part: str) -> list[str]:
    """Module names of a part; the ledger's need not be pure, but pages are no ledger."""
    if part == "ledger":
        return sorted(name for name in FILES if name.startswith(LEDGER) and not name.endswith("views"))
    rooms = (f"{part}.", ROOF) if part == GROUND else (f"{part}.",)
    pure = (name for name in PURE if name.startswith(rooms) and MADE_UP not in name)
    return sorted(name for name in pure if not name.startswith(LEDGER))


@cache
def imported_by() -> dict[str, set[str]]:
    found: Graph = graph(modules(*ROOMS, "tests"))
    return importers(found)


def files_for(names: list[str], *, far: bool = True) -> tuple[str, ...]:
    """Files of tests that import a module; of its own subject also those that import what imports it.

    If `far`, also those of other rooms, those of the room that import it through a scene, and all of its subject.
    """
    tests = modules("tests")
    near: set[str] = set()
    for name in names:
        room, subject = f"tests.{name.partition('.')[0]}.", name.rpartition(".")[0]
        importing = {by for by in imported_by().get(name, ()) if by in tests and (far or by.startswith(room))}
        near |= importing
        if far:
            scenes = [scene for scene in importing if scene.startswith(room)]
            near |= {by for scene in scenes for by in imported_by().get(scene, ()) if by.startswith(room)}
        if "." in subject:
            steps = distances([name], imported_by())
            near |= {
                each for each in tests if each.startswith(f"tests.{subject}.") and (far or steps.get(each, 9) <= 2)
            }
    paths = sorted(tests[name].relative_to(ROOT).as_posix() for name in near if tests[name].name.startswith("test_"))
    return tuple(path for path in paths if not (path.startswith("tests/house/") or path.endswith(LASTING)))


def told(outcome: Outcome) -> str:
    """The outcome, printed too: figures are of interest when all is well."""
    print(outcome.told())
    return outcome.told()


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_faults_are_noticed(part: str) -> None:
    names = targets(part)
    far = part != GROUND  # nearly every test touches it, and recording them all would last longer than planting
    outcome = carry_out(Plan(tuple(names), files_for(names, far=far), SEED, most=400, seconds=1500, waived=WAIVED))
    told(outcome)
    assert outcome.red == []
    assert outcome.share >= LEAST


def test_every_part_has_modules_and_tests() -> None:
    assert all(len(targets(part)) >= 5 and len(files_for(targets(part))) >= 5 for part in PARTS)


def test_every_pure_module_is_in_a_part() -> None:
    parts = {name for part in PARTS for name in targets(part)}
    assert {name for name in PURE if MADE_UP not in name} <= parts


def test_waived_faults_still_fit_somewhere() -> None:
    from tests.house.planting import faults_in

    faults = {fault.what for part in PARTS for name in targets(part) for fault in faults_in(name, FILES[name])}
    assert set(WAIVED) - faults == set()
