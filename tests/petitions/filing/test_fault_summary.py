"""What is wrong with a form stands above the page, has the focus, and leads to each field, which says it once more."""

import re

import pytest
from django.urls import reverse

from households.roles import Role
from tests.petitions.desk import Desk
from tests.petitions.petition.staff_pages import filing
from tests.world import World

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<li>\s*<a href="#([^"]+)" data-fault>([^<]+)</a>：([^<]+?)\s*</li>')


def summed_up(html: str) -> list[tuple[str, str, str]]:
    """Anchor, label and words of each line of the summary."""
    box = re.search(
        r'<div class="notice notice-error faults" role="alert" tabindex="-1" autofocus>.*?</div>', html, re.DOTALL
    )
    assert box, "no summary"
    return LINK.findall(box.group())


def described(html: str, anchor: str) -> bool:
    """Whether the element of this id is described by its fault."""
    [tag] = re.findall(rf'<[^>]* id="{re.escape(anchor)}"[^>]*>', html)
    error = re.search(r'aria-describedby="[^"]*?([\w-]+_error)"', tag)
    return bool(error) and f'class="field-fault" id="{error.group(1)}"' in html


def test_long_form_s_faults_are_summed_up(desk: Desk) -> None:
    given = filing(title="", place="nowhere", people="0")
    html = desk.world.client(desk.office).post(reverse("petition-file"), given).content.decode()
    found = summed_up(html)
    assert {label: words for _, label, words in found} == {
        "标题": "请填写这一项。",
        "事情发生在哪里": "没有这个选项，请从列出的里面选。",
        "人数": "不能小于 1。",
    }
    assert all(described(html, anchor) for anchor, _, _ in found)
    assert "还有 3 处没有填好，没有提交。" in html


def test_people_s_form_leads_to_its_radio_buttons(world: World) -> None:
    html = world.client().post(reverse("petition-new"), {"title": "路灯"}).content.decode()
    found = summed_up(html)
    assert ("id_content", "是哪一类", "请选一类。") in found
    assert all(described(html, anchor) for anchor, _, _ in found)


def test_form_of_a_list_of_steps_is_found(desk: Desk) -> None:
    petition = desk.file()
    address = reverse("petition-not-accept", args=[petition.number])
    html = desk.world.client(desk.office).post(address, {"path": "court", "told": ""}).content.decode()
    assert any(words == "请填写这一项。" for _, _, words in summed_up(html))


def test_account_s_fault_leads_to_its_field(world: World) -> None:
    given = {"role": Role.CADRE, "place": "没有村", "display_name": "甲", "username": "jia"}
    html = world.client(Role.SYSTEM_ADMIN).post(reverse("create-user"), given).content.decode()
    [(anchor, label, words)] = summed_up(html)
    assert (anchor, label) == ("id_place", "所属区划或部门")
    assert words.startswith("没有找到这个区划或部门")


def test_page_without_faults_has_no_summary(world: World) -> None:
    html = world.client(Role.CADRE).get(reverse("petition-file")).content.decode()
    assert 'class="notice notice-error faults"' not in html
