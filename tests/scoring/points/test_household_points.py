"""A household's points behind its plate: what there is, until when, every entry in words, and a proof without neighbours."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from scoring.ledger import door as ledger
from scoring.ledger import expiry, merkle
from scoring.ledger.publishing import publish_roots
from scoring.models import Account, DailyRoot, PointNotice
from tests.days import today, yesterday
from tests.plates import own_plate
from tests.scoring.checks.tampering import tamper
from tests.scoring.ledger.books import leaf, program, write_json
from tests.world import SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
ONE, OTHER = f"{VILLAGE}010001", f"{VILLAGE}010002"
HOME = ledger.household(ONE)
VERIFY = program()
PAGE = 7  # queries


class Door:
    """A browser in which the first household's session is open."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.plate, pin = own_plate(world.household)
        self.client = Client()
        self.client.post(reverse("plate", args=[self.plate.token]), {"pin": pin})

    def get(self, name: str = "household-points", client: Client | None = None) -> object:
        return (client or self.client).get(reverse(name, args=[self.plate.token]))

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.get().content.decode())

    def proof(self) -> dict:
        return json.loads(self.get("household-proof").content)


@pytest.fixture
def door(world: World) -> Door:
    world.frozen_once()
    return Door(world)


@pytest.fixture
def moved(door: Door) -> Door:
    """Some of the points are held, some spent, and all of that is published."""
    ledger.hold(HOME, 3, key="test:1", text="预留一包盐")
    ledger.spend(HOME, key="test:1", text="领走一包盐")
    ledger.hold(HOME, 2, key="test:2", text="预留一块肥皂")
    publish_roots(day=yesterday())
    return door


def test_page_tells_what_there_is(moved: Door) -> None:
    text = moved.text()
    assert "<b>5</b> 积分可用" in text
    assert "<dt>余额</dt><dd>7</dd>" in text
    assert "已预留" in text
    assert "<dd>−2</dd>" in text
    assert "待扣还" not in text


def test_every_entry_is_told_in_words_with_its_day(moved: Door) -> None:
    text = moved.text()
    day = f"{today().year}年{today().month}月{today().day}日"
    for words in ("2024年5月六项为零", "领走一包盐", "预留一块肥皂", "−3", "余 7", "预留 2", day):
        assert words in text


def test_owed_points_are_explained(door: Door) -> None:
    ledger.record_spent(HOME, 14, key="test:1", text="断网时换了一桶油")
    text = door.text()
    assert "待扣还" in text
    assert "<dd>4</dd>" in text
    assert "从以后入账的积分里扣" in text
    assert "记欠 4" in text


def test_points_of_a_month_not_yet_open_wait(world: World) -> None:
    from households.months import month_of, previous_month

    world.frozen_month(month_of(today()))
    door = Door(world)
    text = door.text()
    assert previous_month(month_of(today()))
    assert "<b>0</b> 积分可用" in text
    assert "还没到兑换日" in text


def test_lots_tell_until_when(moved: Door) -> None:
    assert re.search(r"\d{4}年得的，还剩 <strong>7</strong>，\d{4}年12月31日以前用", moved.text())


def test_notice_of_lapsing_is_shown_while_it_matters(door: Door) -> None:
    account = Account.objects.get(owner=ONE)
    PointNotice.objects.create(account=account, year=today().year - 1, days=60, amount=7)
    PointNotice.objects.create(account=account, year=today().year - 3, days=60, amount=999)
    text = door.text()
    for points, year in (
        (7, today().year - 1),
        (999, today().year - 3),
    ):  # told late, they are good for as long as notice runs
        until = expiry.good_until(year, today())
        assert f"{points} 积分在{until.year}年{until.month}月{until.day}日以后作废" in text


def test_neighbours_are_not_there(moved: Door) -> None:
    ledger.adjust(ledger.household(OTHER), 3, key="test:9", text="邻居的事")
    publish_roots()
    for text in (moved.text(), moved.get("household-proof").content.decode()):
        assert OTHER not in text
        assert "邻居的事" not in text
        assert "李" not in text


def test_page_says_how_much_is_published(moved: Door) -> None:
    assert "有您家 4 笔。" in moved.text()
    ledger.release(HOME, key="test:2", text="不要了")
    assert "后来的 1 笔，下一次公布就有。" in moved.text()


def test_before_anything_is_published_the_page_says_so(door: Door) -> None:
    assert "还没有公布过积分日榜" in door.text()
    answer = door.get("household-proof")
    assert answer.status_code == 404
    assert "还没有公布过" in answer.content.decode()


def test_household_that_never_had_points_has_a_page(world: World) -> None:
    text = Door(world).text()
    assert "<b>0</b> 积分可用" in text
    assert "现在没有积分" in text


@pytest.mark.parametrize("name", ["household-points", "household-proof"])
def test_without_the_session_the_plate_asks_for_the_pin(moved: Door, name: str) -> None:
    strangers = [Client(), moved.world.client("cadre"), Door(moved.world).client]
    for client in strangers[:2]:
        answer = moved.get(name, client)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("plate", args=[moved.plate.token])


def test_session_of_a_neighbour_opens_nothing(moved: Door) -> None:
    plate, pin = own_plate(moved.world.households[1])
    neighbour = Client()
    neighbour.post(reverse("plate", args=[plate.token]), {"pin": pin})
    assert moved.get("household-proof", neighbour)["Location"] == reverse("plate", args=[moved.plate.token])
    assert "领走一包盐" not in neighbour.get(reverse("household-points", args=[plate.token])).content.decode()


def test_page_is_kept_by_nobody(moved: Door) -> None:
    for name in ("household-points", "household-proof"):
        answer = moved.get(name)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("more", [0, 3])
def test_page_takes_as_many_queries_for_any_number_of_entries(
    moved: Door, more: int, django_assert_num_queries: object
) -> None:
    for number in range(more):
        ledger.adjust(HOME, 1, key=f"more:{number}", text="补记")
    with django_assert_num_queries(PAGE):
        moved.get()


def test_household_page_leads_there(door: Door) -> None:
    assert reverse("household-points", args=[door.plate.token]) in door.get("plate").content.decode()


def test_proof_holds_the_households_rows_and_their_way_to_the_root(moved: Door) -> None:
    proof = moved.proof()
    assert [row["text"] for row in proof["rows"]] == ["2024年5月六项为零", "预留一包盐", "领走一包盐", "预留一块肥皂"]
    for row in proof["rows"]:
        path = [bytes.fromhex(step) for step in row["path"]]
        root = merkle.root_from_proof(leaf(row), row["seq"] - 1, proof["line"]["size"], path)
        assert root.hex() == proof["line"]["root"]


def test_proof_leads_to_the_county_root(moved: Door) -> None:
    proof = moved.proof()
    line = proof["line"]
    leaf_hash = merkle.leaf(f"{line['chain']}|{line['size']}|{line['head']}|{line['root']}".encode())
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert merkle.root_from_proof(leaf_hash, proof["index"], proof["lines"], path).hex() == proof["root"]
    assert proof["root"] == DailyRoot.objects.get().root


def test_proof_passes_the_stand_alone_verifier(moved: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_json(tmp_path, "proof.json", moved.proof())
    address = reverse("ledger-day", args=[VILLAGE[:6], yesterday()])
    roots = write_json(tmp_path, "roots.json", json.loads(Client().get(address, {"format": "json"}).content))
    assert VERIFY.main(["--proof", file, "--roots", roots]) == 0
    assert f"{ONE} 的 4 行，{yesterday()} 的积分日榜：没有发现改动。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda proof: proof["rows"][0].update(amount=1000), "第 1 行"),
        (lambda proof: proof["rows"][0].update(text="别的"), "不在公布的账里"),
        (lambda proof: proof["rows"].append(proof["rows"][0]), "不在公布的账里"),
        (lambda proof: proof.update(owner=OTHER), "不在公布的账里"),
        (lambda proof: proof["rows"][1]["path"].pop(), "不在公布的账里"),
        (lambda proof: proof["line"].update(root="00" * 32), "不在公布的账里"),
        (lambda proof: proof.update(root="00" * 32), "不在全县的根里"),
        (lambda proof: proof.update(index=0, lines=1, path=[]), "不在全县的根里"),
    ],
)
def test_tampered_proof_is_refused(
    moved: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: object, words: str
) -> None:
    proof = moved.proof()
    change(proof)
    assert VERIFY.main(["--proof", write_json(tmp_path, "proof.json", proof)]) == 1
    assert words in capsys.readouterr().out


def test_proof_of_another_list_is_refused(moved: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = {"county": VILLAGE[:6], "day": str(yesterday()), "root": "00" * 32}
    files = [write_json(tmp_path, "p.json", moved.proof()), "--roots", write_json(tmp_path, "r.json", published)]
    assert VERIFY.main(["--proof", *files]) == 1
    assert f"和 {yesterday()} 公布的不一样" in capsys.readouterr().out


def test_file_that_is_no_proof_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert VERIFY.main(["--proof", write_json(tmp_path, "p.json", {"rows": []})]) == 2
    assert "不是一份完整的证明" in capsys.readouterr().err


def test_ledger_that_was_rewritten_proves_nothing(moved: Door) -> None:
    tamper(f"UPDATE scoring_pointentry SET amount = 1000 WHERE chain = '{VILLAGE}' AND seq = 5")
    answer = moved.get("household-proof")
    assert answer.status_code == 409
    assert "和公布的根指纹对不上" in answer.content.decode()


def test_other_villages_do_not_disturb(moved: Door) -> None:
    before = moved.proof()["rows"]
    tamper(f"UPDATE scoring_pointentry SET amount = 1000 WHERE chain = '{SISTER}' AND seq = 1")
    assert moved.proof()["rows"] == before
