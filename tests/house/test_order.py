"""The order of files inside a subject, and circles: what stands earlier never imports what stands later."""

import pytest

from script.check_order import complaints
from script.imports import ROOMS, Graph, graph, modules


def planted(importer: str, *imported: str) -> list[str]:
    found: Graph = {importer: frozenset(imported), **{name: frozenset() for name in imported if name != importer}}
    return list(complaints(found))


def test_every_subject_keeps_its_order() -> None:
    assert list(complaints(graph(modules(*ROOMS)))) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("scoring.schemes.rules", "scoring.schemes.actions"),
        ("scoring.schemes.actions", "scoring.schemes.reads"),
        ("scoring.sheets.actions.sheets", "scoring.sheets.reads"),
        ("scoring.sheets.reads", "scoring.sheets.forms"),
        ("rewards.shop.forms", "rewards.shop.views"),
        ("rewards.shop.forms_stocktakes", "rewards.shop.views_stock"),
        ("rewards.shop.rules", "rewards.shop.reads_shelf"),
        ("rewards.shop.serializers", "rewards.shop.api"),
        ("rewards.shop.views", "rewards.shop.urls"),
        ("rewards.shop.shelf", "rewards.shop.forms"),
    ],
)
def test_upward_import_is_noticed(importer: str, imported: str) -> None:
    assert planted(importer, imported) == [f"{importer} imports {imported}, which stands above it in their subject"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("rewards.shop.views", "rewards.shop.views_stock"),
        ("rewards.shop.reads", "rewards.shop.actions.stock"),
        ("rewards.shop.shelf", "rewards.shop.reads"),
        ("rewards.shop.reads", "rewards.projects.views"),
        ("rewards.models.shop", "rewards.models.views"),
    ],
)
def test_downward_import_and_other_subjects_are_none_of_its_business(importer: str, imported: str) -> None:
    assert planted(importer, imported) == []


def test_circle_is_noticed() -> None:
    ring = {
        "scoring.a": frozenset({"scoring.b"}),
        "scoring.b": frozenset({"scoring.c"}),
        "scoring.c": frozenset({"scoring.a"}),
    }
    [found] = complaints(ring)
    assert found.startswith("circle: ") and all(name in found for name in ring)


def test_package_around_a_module_is_no_circle() -> None:
    assert list(complaints({"rooms": frozenset({"rooms.door"}), "rooms.door": frozenset({"rooms"})})) == []
