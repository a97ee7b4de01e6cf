"""Scope: a subtree is one range of codes, in Python and in the database alike."""

import pytest
from django.db.models import OuterRef, Subquery

from households.codes import Level
from households.models import Division
from households.scope import Scope, lies_in
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", [COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, STRANGE, ""])
def test_range_holds_the_place_and_all_below(world, place):
    every = set(Division.objects.values_list("code", flat=True))
    found = set(Division.objects.filter(lies_in(place)).values_list("code", flat=True))
    assert found == {code for code in every if code.startswith(place)} != set()


def test_range_of_another_query_is_the_same(world):
    inside = Division.objects.filter(lies_in(OuterRef("code"))).order_by("-code").values("code")
    last = dict(Division.objects.annotate(last=Subquery(inside[:1])).values_list("code", "last"))
    assert last == {code: max(one for one in last if one.startswith(code)) for code in last}


def test_divisions_of_a_level(world):
    villages = Division.objects.of_level(Level.VILLAGE)
    assert set(villages.values_list("code", flat=True)) == {VILLAGE, SISTER, STRANGE}
    both = Division.objects.of_level(Level.COUNTY, Level.TOWNSHIP)
    assert set(both.values_list("code", flat=True)) == {COUNTY, TOWNSHIP, OTHER_TOWNSHIP}


def test_widened_scope_names_each_village_once():
    assert Scope((f"{VILLAGE}01", f"{VILLAGE}02", TOWNSHIP)).widened(Level.VILLAGE) == Scope((VILLAGE, TOWNSHIP))
