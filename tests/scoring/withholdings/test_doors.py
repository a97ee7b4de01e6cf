"""After the act no door gives the words away, and outside checks agree with what was published before it."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger import roots
from scoring.ledger.proofs import proof_of
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot, PointEntry, RankingSnapshot, Withholding
from tests.answers import whole
from tests.days import yesterday
from tests.scoring.ledger.books import program, write_json
from tests.scoring.withholdings.free_words import (
    HOME,
    PLANTED,
    SHOWN,
    SHOWN_RANKING,
    ask,
    free_entry,
    free_ranking,
    withheld,
)
from tests.world import COUNTY, MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
VERIFY = program()
DOORS = [
    f"/rankings/{MONTH}/village/",
    f"/rankings/{MONTH}/village/kept/2/",
    f"/rankings/{MONTH}/village/kept/2/?format=csv",
    f"/rankings/{MONTH}/village/kept/2/?format=xlsx",
    f"/rankings/{MONTH}/village/kept/2/?format=json",
    f"/points/{HOME.code}/",
    f"/points/{HOME.code}/?format=csv",
    f"/points/{VILLAGE}/",
    f"/api/v1/accounts/{HOME.code}/",
    f"/api/v1/rankings/{MONTH}/village/",
    f"/ledger/{COUNTY}/{yesterday()}/",
    "/withholdings/",
]


@pytest.fixture
def published(world: World) -> World:
    """Both texts, in a list of yesterday and in a ranking that everybody sees."""
    world.frozen_once()
    free_entry(world)
    free_ranking(world)
    publish_roots(day=yesterday())
    return world


def both_withheld(world: World) -> None:
    withheld(world, PointEntry.objects.get(text__contains=PLANTED))
    withheld(world, RankingSnapshot.objects.get(reason__contains=PLANTED))


def test_no_door_gives_the_words_away(published: World) -> None:
    office = published.client(Role.COUNTY_OFFICE)
    assert PLANTED in whole(office.get("/withholdings/"))
    both_withheld(published)
    for client in (Client(), office, published.client(Role.TOWNSHIP), published.client(Role.CADRE)):
        assert [door for door in DOORS if PLANTED in whole(client.get(door, follow=True))] == []
    assert SHOWN_RANKING in whole(Client().get(DOORS[1]))
    assert SHOWN in whole(published.client(Role.CADRE).get(f"/points/{HOME.code}/"))


def test_export_is_verified_against_what_was_published_before(
    published: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both_withheld(published)
    export = tmp_path / "export.jsonl"
    call_command("export_ledger", str(export))
    daily = DailyRoot.objects.get(day=yesterday())
    listed = write_json(tmp_path, "roots.json", roots.as_json(daily, roots.named_lines(daily)))
    code = VERIFY.main([str(export), "--roots", listed])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "有 1 行的文字已依法不再公开" in said
    assert PLANTED not in export.read_text()


def test_leaf_without_the_words_that_say_so_is_no_leaf(
    published: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both_withheld(published)
    export = tmp_path / "export.jsonl"
    call_command("export_ledger", str(export))
    export.write_text(export.read_text().replace(SHOWN, "人工调整：以前记错"))
    assert VERIFY.main([str(export)]) == 1
    assert "没有写明依法不再公开" in capsys.readouterr().out


def test_households_proof_still_leads_to_the_published_root(
    published: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both_withheld(published)
    proof = proof_of(HOME)
    assert PLANTED not in json.dumps(proof, ensure_ascii=False)
    assert VERIFY.main(["--proof", write_json(tmp_path, "proof.json", proof)]) == 0, capsys.readouterr().out


def test_next_list_is_published_after_the_act(published: World) -> None:
    both_withheld(published)
    publish_roots(day=timezone.localdate())
    assert DailyRoot.objects.count() >= 2


def test_verify_names_how_many_words_were_withheld(published: World, capsys: pytest.CaptureFixture[str]) -> None:
    both_withheld(published)
    call_command("verify")
    assert "依法不再公开的文字都有两个人的决定（withheld），共 2 处" in capsys.readouterr().out


def test_pages_lead_from_the_words_to_their_end(published: World) -> None:
    """The township asks on its page, the office grants on its own."""
    township, office = published.client(Role.TOWNSHIP), published.client(Role.COUNTY_OFFICE)
    entry = PointEntry.objects.get(text__contains=PLANTED)
    page = f"{reverse('withholding-ask')}?entry={entry.pk}"
    assert page in township.get(reverse("withholdings")).content.decode().replace("&amp;", "&")
    form = {
        "op_id": "7b0d8e0e-5f0a-4b5c-9f6e-2f6b8d7f6b10",
        "public_reason": "wrong",
        "ground": "privacy",
        "why": "写到了别人",
    }
    assert "请选择" in township.post(page, form | {"ground": ""}).content.decode()
    answer = township.post(page, form)
    asked = Withholding.objects.get()
    assert answer["Location"] == reverse("withholding", args=[asked.pk])
    assert reverse("withholding-grant", args=[asked.pk]) not in township.get(answer["Location"]).content.decode()
    office.post(reverse("withholding-grant", args=[asked.pk]), {"op_id": "7b0d8e0e-5f0a-4b5c-9f6e-2f6b8d7f6b11"})
    shown = office.get(answer["Location"]).content.decode()
    assert SHOWN in shown and PLANTED not in shown and bytes(asked.digest).hex() in shown


def test_asking_without_a_text_leads_to_the_list(published: World) -> None:
    for ask_about_nothing in (published.client(Role.TOWNSHIP).get, published.client(Role.TOWNSHIP).post):
        answer = ask_about_nothing(reverse("withholding-ask"), follow=True)
        assert answer.redirect_chain == [(reverse("withholdings"), 302)] and PLANTED in whole(answer)
    assert Withholding.objects.count() == 0


def test_neighbouring_township_sees_neither_words_nor_requests(published: World) -> None:
    stranger = published.client(published.stranger(Role.TOWNSHIP))
    entry = PointEntry.objects.get(text__contains=PLANTED)
    assert PLANTED not in whole(stranger.get("/withholdings/"))
    answer = stranger.get(f"/withholdings/new/?entry={entry.pk}")
    assert (answer.status_code, PLANTED in whole(answer)) == (404, False)
    withheld(published, entry)
    assert whole(stranger.get(f"/withholdings/{Withholding.objects.get().pk}/")).count("原文") == 0


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_queries_however_many(world: World, number: int, django_assert_num_queries: object) -> None:
    """As many texts as requests."""
    for count in range(number):
        ask(ledger_line(f"asked:{count}"), by=world.user(Role.TOWNSHIP))
        ledger_line(f"free:{count}")
    client = world.client(Role.COUNTY_OFFICE)
    page = whole(client.get("/withholdings/"))
    assert (page.count("?entry="), Withholding.objects.count()) == (number, number)
    with django_assert_num_queries(5):
        client.get("/withholdings/")


def ledger_line(key: str) -> PointEntry:
    ledger.adjust(HOME, 1, key=key, text=f"人工调整：{PLANTED}")
    return PointEntry.objects.filter(kind="adjust").latest("pk")
