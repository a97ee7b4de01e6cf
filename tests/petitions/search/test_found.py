"""A search finds exactly those that contain the words, among those that a person may read."""

from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.roles import Role
from households.words.pinyin import initials, pinyin
from petitions.models import Petition, PetitionWords
from petitions.search import search as searching
from petitions.search.indexing import keep_words
from petitions.search.search import search, words_for
from petitions.search.snippets import snippets
from petitions.search.words import folded
from petitions.steps import closing
from tests import copies
from tests.petitions.desk import LYJ, SLJ, Desk
from tests.world import STRANGE, World

pytestmark = pytest.mark.django_db
ROAD, WATER, BONUS = "组里的路断了三个月", "水渠塌方", "企业用电"


def build(world: World) -> None:
    """Three that 林业局 works on or has answered, one of the neighbour's, one accusation, one of an enterprise."""
    desk = Desk(world)
    desk.answer(desk.handled(title=ROAD, text="交通局来看过，还是没有修，重修要三万元。"), told="银行贷款已经到位。")
    desk.assigned(LYJ, title=WATER, text="洞口水库下面的水渠塌方，浇不了田，交了三次报告，电话1380000。")
    desk.assigned(SLJ, title="水库", text="水库漏水，交通不便。", place=STRANGE)
    desk.accusation(LYJ, title="砍树", text="有人收钱办采伐证，交通局也不管。")
    given = {"channel": "enterprise", "way": "enterprise", "enterprise": "雪峰蜜橘公司"}
    desk.file(title=BONUS, text="企业用电不稳。", **given)
    desk.file(title="留言", text="希望修路。", channel="net", way="rednet", external_no="红网-7788")


@pytest.fixture
def desk(world: World) -> Desk:
    copies.scene("search", lambda: build(world))
    return Desk(world)


def titles(query: str, user: object) -> set[str]:
    found = search(Petition.objects.visible_to(user), query, user)
    assert not found.cut
    return {petition.title for petition in found.petitions}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("塌方", {WATER}),
        ("水渠塌方", {WATER}),
        ("交通", {ROAD, "水库", "砍树"}),
        ("交通局来看过", {ROAD}),
        ("交通 水库", {"水库"}),
        ("水库，田", {WATER} - {WATER}),
        ("水库 浇不了田", {WATER}),
        ("jiaotong", {ROAD, "水库", "砍树"}),
        ("jiaotongju", {ROAD, "砍树"}),
        ("jtj", {ROAD, "砍树"}),
        ("sqtf", {WATER}),
        ("sk", {"水库"}),
        ("交通ju", {ROAD, "砍树"}),
        ("yinhang", {ROAD}),
        ("chongxiu", {ROAD}),
        ("雪峰", {BONUS}),
        ("mijugongsi", {BONUS}),
        ("xfmj", {BONUS}),
        ("红网-7788", {"留言"}),
        ("1380000", {WATER}),
        ("380", {WATER}),
        ("三万", {ROAD}),
        ("万三", set()),
        ("塌方 银行", set()),
        ("jiaotongbu", {"水库"}),
        ("jiaotongting", set()),
    ],
)
def test_words_find_exactly_these(desk: Desk, query: str, wanted: set[str]) -> None:
    assert titles(query, desk.office) == wanted


def titled(title: str) -> Petition:
    """The petition of this title, which lies sealed."""
    return next(one for one in Petition.objects.all() if one.title == title)


def test_pair_across_two_texts_is_no_hit(desk: Desk) -> None:
    assert titles("位交", desk.office) == set()  # the end of the answer and the beginning of the text


def test_end_of_the_number_finds_it(desk: Desk) -> None:
    petition = titled(WATER)
    assert titles(petition.number[-6:], desk.office) == {WATER}
    assert titles(petition.number, desk.office) == {WATER}


def test_query_of_punctuation_finds_everything(desk: Desk) -> None:
    assert len(titles(" ，、 ", desk.office)) == Petition.objects.count()


@pytest.mark.parametrize("query", ["采伐证", "caifazheng", "cfz", "砍树", "交通局也不管"])
def test_accused_department_never_finds_the_accusation(desk: Desk, query: str) -> None:
    accusation = titled("砍树")
    assert accusation.title in titles(query, desk.office)
    assert accusation.title not in titles(query, desk.handler)
    assert titles(accusation.number, desk.handler) == set()


def test_neighbour_finds_only_what_his_unit_works_on(desk: Desk) -> None:
    assert titles("交通", desk.neighbour) == {"水库"}


def test_supplement_is_found_by_those_who_handle_alone(desk: Desk) -> None:
    cadre = desk.world.user(Role.CADRE)
    petition = desk.file(cadre, title="代办", text="代办一件。", way="cadre")
    closing.supplement(op_id=uuid4(), petition=petition, by=None, note="家里困难，请快点。")
    assert titles("家里困难", desk.office) == {"代办"}
    assert titles("家里困难", cadre) == set()
    assert titles("代办一件", cadre) == {"代办"}


def test_county_office_cannot_probe_for_words(desk: Desk) -> None:
    page = desk.world.client(Role.COUNTY_OFFICE).get(reverse("petitions"), {"q": "塌方"})
    assert page.context["rows"] == []
    assert sum(number for _, number in page.context["lamps"]) == 0


def test_too_many_doubtful_ones_are_cut_and_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_READ", 1)
    found = search(Petition.objects.visible_to(desk.office), "交通局来看过 修", desk.office)
    assert not found.cut
    found = search(Petition.objects.visible_to(desk.office), "jiaotongju", desk.office)
    assert found.cut
    assert [one.title for one in found.petitions] == ["砍树"]
    page = desk.world.client(desk.office).get(reverse("petitions"), {"q": "jiaotongju"})
    assert "只核对了最近的" in page.content.decode()


def test_sure_hits_open_no_text(desk: Desk) -> None:
    found = search(Petition.objects.visible_to(desk.office), "塌方", desk.office)
    with CaptureQueriesContext(connection) as caught:
        assert found.petitions.count() == 1
    assert len(caught) == 1


def pieces(query: str, desk: Desk, title: str) -> tuple[str, str]:
    """Title and text of a snippet, hits in brackets."""
    petition = titled(title)
    found = snippets([petition], words_for(query, desk.office))[petition.pk]
    title, text = ("".join(f"[{piece}]" if hit else piece for piece, hit in part) for part in (found.title, found.text))
    return title, text


def test_snippet_shows_the_hit_in_its_sentence(desk: Desk) -> None:
    assert pieces("塌方", desk, WATER) == (
        "水渠[塌方]",
        "洞口水库下面的水渠[塌方]，浇不了田，交了三次报告，电话1380000。",
    )


def test_snippet_marks_what_pinyin_found(desk: Desk) -> None:
    assert pieces("jiaotong", desk, ROAD)[1].startswith("[交通]局来看过")


def test_snippet_of_an_answer_is_read_when_the_text_has_none(desk: Desk) -> None:
    assert pieces("yinhang", desk, ROAD)[1] == "[银行]贷款已经到位。"


def test_snippet_of_a_title_needs_no_text(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as caught:
        assert pieces("断了", desk, ROAD) == ("组里的路[断了]三个月", "")
    assert len(caught) == 1


def test_page_marks_hits_and_escapes_the_rest(desk: Desk) -> None:
    desk.file(title="标题", text="喇叭<script>alert(1)</script>太响")
    html = desk.world.client(desk.office).get(reverse("petitions"), {"q": "喇叭"}).content.decode()
    assert "&lt;script&gt;" in html
    assert "<mark>喇叭</mark>" in html


def test_page_without_hits_says_how_to_search(desk: Desk) -> None:
    html = desk.world.client(desk.office).get(reverse("petitions"), {"q": "没有的词"}).content.decode()
    assert "首字母" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [("a\0b", 0), ("a" * 400, 0), ("%", 6), ("_", 6), ("''", 6), ("\\", 6), ("🙂", 6)],
)
def test_signs_that_are_no_words_limit_nothing_and_odd_words_find_nothing(desk: Desk, query: str, found: int) -> None:
    page = desk.world.client(desk.office).get(reverse("petitions"), {"q": query})
    assert (page.status_code, len(page.context["rows"])) == (200, found)


def test_lamps_count_the_hits(desk: Desk) -> None:
    page = desk.world.client(desk.office).get(reverse("petitions"), {"q": "交通"})
    assert sum(number for _, number in page.context["lamps"]) == len(page.context["rows"]) == 3


def asked(desk: Desk, **query: str) -> list[dict[str, object]]:
    return desk.world.client(desk.office).get(reverse("api-petitions"), query).json()["results"]


def test_interface_finds_words_and_shows_the_piece(desk: Desk) -> None:
    found = asked(desk, q="jiaotongju lai")
    assert [one["title"] for one in found] == []
    (one,) = asked(desk, q="jiaotongju laikan")
    assert one["title"] == ROAD
    assert str(one["snippet"]).startswith("交通局来看过")


def test_interface_shows_no_piece_unasked(desk: Desk) -> None:
    assert all("snippet" not in one for one in asked(desk))


def test_interface_refuses_endless_words(desk: Desk) -> None:
    answer = desk.world.client(desk.office).get(reverse("api-petitions"), {"q": "长" * 41})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"q"})


SIGNS = st.text("路坏了半年交通局长行重修水库，3a ", min_size=1, max_size=14).filter(folded)
LETTERS = st.lists(
    st.sampled_from(["jiao", "tong", "ju", "lu", "zhang", "hang", "j", "t", "l", "a", "3"]), min_size=1, max_size=3
)
QUERY = SIGNS.map(lambda text: folded(text)[:3]) | LETTERS.map("".join)


def spelled(signs: str) -> set[str]:
    """Every way in which these signs may be typed, all in one mode: themselves, their syllables, their initials."""
    modes = (lambda sign: (sign,), pinyin, initials)
    return {"".join(way) for read in modes for way in product(*(read(sign) for sign in signs))}


def scanned(text: str, word: str, *, clear: bool) -> bool:
    """Whether some stretch of the text may be typed so: the plain definition, without patterns or grams."""
    text = folded(text)
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + len(word)) + 1):
            signs = text[start:end]
            if word in spelled(signs) and not _is_short(signs, word, clear=clear):
                return True
    return False


def _is_short(signs: str, word: str, *, clear: bool) -> bool:
    """Single signs and syllables, and two initials, count in clear texts alone; a single initial nowhere."""
    whole = word == signs or word in {"".join(way) for way in product(*(pinyin(sign) for sign in signs))}
    return len(signs) < (1 if whole else 2) if clear else len(signs) < (2 if whole else 3)


@pytest.fixture
def three(desk: Desk) -> list[Petition]:
    """Three petitions whose words are replaced."""
    return [desk.file(title="甲", text="乙") for _ in range(3)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(st.tuples(SIGNS, SIGNS), min_size=3, max_size=3), queries=st.lists(QUERY, min_size=3, max_size=3))
def test_random_words_find_what_a_plain_scan_finds(
    desk: Desk, three: list[Petition], data: list[tuple[str, str]], queries: list[str]
) -> None:
    among = Petition.objects.filter(pk__in=[one.pk for one in three])
    for petition, (petition.title, petition.text) in zip(three, data, strict=True):
        keep_words(petition, [], 1)
    kept = dict(zip([one.pk for one in three], data, strict=True))
    for query in queries:
        wanted = {
            pk for pk, (title, text) in kept.items()
            if scanned(title, query, clear=True) or scanned(text, query, clear=False)
        }  # fmt: skip
        word = words_for(query, desk.office)[0]
        assert set(among.filter(word.surely()).values_list("pk", flat=True)) <= wanted
        assert set(among.filter(word.surely() | word.possibly()).values_list("pk", flat=True)) >= wanted
    PetitionWords.objects.filter(petition__in=three).update(words=[])


def test_single_sign_of_an_accusations_title_finds_nothing(desk: Desk) -> None:
    """Single signs fall to counting first: of accusations none is kept, of other titles they are."""
    assert "砍树" not in titles("砍", desk.office) and "砍树" in titles("砍树", desk.office)
    assert titles("库", desk.office) == {"水库"}
