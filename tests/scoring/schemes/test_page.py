"""The rules page: open to everybody, the scheme in force and the older ones, nothing said that the arithmetic does not do."""

import gzip
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import Clause, Scheme
from scoring.rules import Kind
from scoring.schemes import reads as rulebook
from scoring.schemes.actions import publish_scheme
from scoring.schemes.files import shipped
from scoring.schemes.protected_acts import PROTECTED_ACTS
from tests.answers import whole

pytestmark = pytest.mark.django_db


def page(*version: str) -> str:
    address = reverse("rules-version", args=version) if version else reverse("rules")
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_rules_show_every_clause_in_force() -> None:
    text = page()
    for clause in Clause.objects.filter(scheme__code="2026").select_related("indicator"):
        assert clause.text in text
        assert f"{clause.code}，{clause.get_recorder_display()}登记" in text
        assert clause.indicator.name in text


def test_rules_show_shares_that_sum_to_the_base() -> None:
    chapters = rulebook.chapters(Scheme.objects.get(code="2023"))
    assert sum(chapter.indicator.share for chapter in chapters) == 100
    assert [chapter.indicator.position for chapter in chapters] == [1, 2, 3, 4, 5, 6]


def test_rules_name_every_protected_act() -> None:
    text = page()
    assert "依法信访永远不扣分" in text
    assert all(act.name in text for act in PROTECTED_ACTS)


def test_rules_say_that_they_are_a_template() -> None:
    assert "不是县里的正式文件" in page()


def test_rules_of_an_older_version_say_so() -> None:
    text = page("2022")
    assert "这一版不是现行细则" in text
    assert "2022年1月至2022年12月" in text
    assert "零疫情" in text
    assert "零疫情" not in page()


def test_rules_in_force_carry_no_warning() -> None:
    text = page()
    assert "这一版不是现行细则" not in text
    assert "2026年1月起执行，是现行细则" in text


def test_rules_of_an_unknown_version_are_not_found() -> None:
    answer = Client().get(reverse("rules-version", args=["1999"]))
    assert (answer.status_code, Clause.objects.first().text in whole(answer)) == (404, False)


def test_rules_list_a_scheme_published_for_later_without_using_it() -> None:
    draft = shipped()[-1]
    later = f"{timezone.localdate().year + 1}-01"
    publish_scheme(draft=replace(draft, code="later", name="明年的细则", effective_from=later), by=None)
    assert "明年的细则" in page()
    assert rulebook.editions()[0].scheme.code == "later"
    assert "2026年模板" in page().split("</p>")[0]


def test_unpublished_scheme_is_nowhere() -> None:
    Scheme.objects.create(code="draft", name="还在写的细则", effective_from="2029-01")
    assert "还在写的细则" not in page()
    assert Client().get(reverse("rules-version", args=["draft"])).status_code == 404


def test_editions_meet_without_a_gap() -> None:
    newest, middle, oldest = rulebook.editions()
    assert newest.until is None and newest.covers("2026-01")
    assert middle.until == "2025-12" and not middle.covers("2026-01")
    assert oldest.until == "2022-12"
    assert oldest.covers("2022-12")
    assert not oldest.covers("2023-01")
    assert middle.covers("2023-01")


def test_example_adds_up_and_never_is_about_petitions() -> None:
    example = rulebook.example(rulebook.chapters(Scheme.objects.get(code="2023")))
    assert example is not None
    assert sum(amount for _, amount in example.rows) == example.outcome.score
    assert {clause.kind for clause in example.clauses} == set(Kind)
    assert all(clause.indicator.code != "petition" for clause in example.clauses)


def test_division_clauses_say_that_they_spare_the_household() -> None:
    clause = Clause.objects.filter(scheme__code="2026", subject="division").first()
    assert clause is not None
    line = next(part for part in page().split("<li>") if clause.text in part)
    assert "记在组、村、乡镇头上" in line


@pytest.mark.parametrize("version", ["2022", "2023", "2026"])
def test_rules_take_three_queries(version: str, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):
        page(version)


def test_rules_refuse_anything_but_reading() -> None:
    answer = Client().post(reverse("rules"))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_rules_stay_small_enough_for_a_weak_signal() -> None:
    assert len(gzip.compress(page().encode())) < 20_000
