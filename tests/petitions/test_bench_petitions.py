"""The benchmark's petitions in small: real histories, multiplied, with nothing wrong in them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.models import Department
from petitions.bench import run, world
from petitions.clocks.deadlines import drifts
from petitions.models import Accused, Assignment, Petition, PetitionEvent, PetitionWords
from petitions.search.indexing import wrong_words
from petitions.search.search import search
from petitions.tallies.rows import miscounts
from tests import copies
from tests.world import COUNTY, World

pytestmark = pytest.mark.django_db
BASE, TIMES = 40, 3


def build() -> None:
    Department.objects.bulk_create(Department(code=f"A{n:02}", name=f"部门{n}") for n in range(5))
    world.plant(BASE, timezone.localdate(), world.cast())
    world.multiply(TIMES)


@pytest.fixture(autouse=True)
def planted(world: World) -> None:
    copies.scene("bench petitions", build)


def test_so_many_petitions_are_there() -> None:
    assert world.size() % TIMES == 0
    assert abs(world.size() - BASE * TIMES) <= 4 * TIMES


def test_every_number_is_given_once_and_shaped() -> None:
    numbers = list(Petition.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers)
    assert {number[:6] for number in numbers} == {COUNTY}


def test_states_and_clocks_follow_the_histories() -> None:
    assert list(drifts()) == []


def test_rows_of_the_board_follow_the_histories() -> None:
    assert list(miscounts()) == []


def test_words_are_those_of_the_texts() -> None:
    assert list(wrong_words()) == []
    assert PetitionWords.objects.count() == world.size()


def test_texts_lie_sealed_and_are_long_enough() -> None:
    texts = [one.text for one in Petition.objects.all()]
    assert min(map(len, texts)) > 20
    assert len(set(texts)) > BASE / 2


def test_three_years_of_every_channel_open_and_ended() -> None:
    filed = [one.filed_at for one in Petition.objects.all()]
    assert max(filed) - min(filed) > timedelta(days=500)
    assert set(Petition.objects.values_list("channel", flat=True)) == {"enterprise", "people", "net"}
    assert {"closed", "not_accepted"} < set(Petition.objects.values_list("state", flat=True))
    assert Petition.objects.open().exists()


def test_copies_lie_elsewhere_and_have_cases_of_their_own() -> None:
    assert Petition.objects.values("case").distinct().count() == world.size()
    assert Petition.objects.values("place").distinct().count() == 3


def test_copies_have_whole_lives() -> None:
    assert PetitionEvent.objects.count() % TIMES == Assignment.objects.count() % TIMES == 0
    assert not Petition.objects.filter(events=None).exists()


def test_every_accusation_has_its_accused() -> None:
    accusations = set(Petition.objects.filter(content="accusation").values_list("pk", flat=True))
    assert set(Accused.objects.values_list("petition", flat=True)) == accusations


def test_search_finds_every_copy() -> None:
    office = world.cast().office
    found = search(Petition.objects.visible_to(office), "反映", office).petitions.count()
    assert found % TIMES == 0


def test_next_petition_gets_the_next_number() -> None:
    from tests.petitions.desk import Desk
    from tests.world import found

    petition = Desk(found()).file()
    assert Petition.objects.filter(number__lt=petition.number, number__startswith=petition.number[:11]).exists()
    assert petition.pk > Petition.objects.exclude(pk=petition.pk).latest("pk").pk


def test_slowest_page_stands_for_all() -> None:
    quick, slow = run.Taken("a", 3, [0.01] * 20), run.Taken("b", 9, [0.01] * 18 + [0.5] * 2)
    line = run._line("列表", [quick, slow])
    assert not line.met
    assert "最多 9 次查询" in line.ours
    assert "（b）" in line.ours
    assert run._line("列表", [quick]).met


def test_one_page_is_asked_and_counted() -> None:
    taken = run._asked(world.cast().office, "petitions", {"q": "反映"}, 2)
    assert len(taken.times) == 2
    assert 0 < taken.queries <= run.MAX_QUERIES


def test_nineteen_of_twenty_requests_take_no_longer() -> None:
    assert run.Taken("/", 1, [float(n) for n in range(20)]).p95 == 18.0
    assert run.Taken("/", 1, [3.0]).p95 == 3.0
