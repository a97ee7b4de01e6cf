"""Every form of every page sent with one field left empty: the fault stands beside its field, and the summary leads there.
Sent with nothing in it, it names its faults from the top of the page to its end.
"""

import re

import pytest
from django.test import Client

from tests import copies
from tests.samples import laid_out
from tests.typed_forms import Sent, forms_of_staff, sent_back
from tests.world import found

SUMMARY = re.compile(r'<div class="notice notice-error.*?</div>', re.DOTALL)
PRESSED = re.compile(r'<li data-field="decision">')  # two buttons: a browser always sends one
LINE = re.compile(r"<li.*?</li>", re.DOTALL)
LEADS = re.compile(r'<a href="#([^"]+)" data-fault>')


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    return copies.scene("policies", laid_out)


def page_after(client: Client, sent: Sent, name: str) -> str:
    """What somebody has before them who sent a form without this field; empty when it was taken."""
    answer = sent_back(client, Sent(sent.page, sent.action, sent.data | {name: ""}))
    if answer.status_code in (302, 404) or not answer["Content-Type"].startswith("text/html"):
        return ""
    html = str(answer.content.decode())
    if "<h1>没有办成</h1>" in html and LINE.search("".join(SUMMARY.findall(html))):
        return str(client.get(sent.page, follow=True).content.decode())  # the page of the refusal leads back there
    return html


def lost(client: Client, sent: Sent, name: str) -> list[str]:
    """Lines of the summary that do not lead to a field that says the same."""
    html = page_after(client, sent, name)
    lines = [line for box in SUMMARY.findall(html) for line in LINE.findall(box)]
    return ["".join(line.split()) for line in lines if not PRESSED.match(line) and not leads(html, line)]


def leads(html: str, line: str) -> bool:
    """Whether a line has a link to a control that is marked, or to the frame of several."""
    link = LEADS.search(line)
    target = re.search(rf'<[^>]* id="{re.escape(link[1])}"[^>]*>', html) if link else None
    return bool(target) and f'id="{link[1].removesuffix("_0")}_error"' in html


def test_every_fault_of_a_staff_form_stands_beside_its_field(samples: dict[str, str]) -> None:
    world, wrong, tried = found(), [], 0
    for view, _user, client, sent in forms_of_staff(world, samples):
        for name in dict.fromkeys(sent.words.values()):
            wrong += [(view, sent.action, name, line) for line in lost(client, sent, name)]
            tried += 1
    assert wrong == []
    assert tried > 100


def places(html: str) -> list[int]:
    """Where the fields stand that the summary leads to, in its order."""
    return [html.find(f' id="{anchor}"') for box in SUMMARY.findall(html) for anchor in LEADS.findall(box)]


def test_faults_are_named_in_the_order_of_the_page(samples: dict[str, str]) -> None:
    world, wrong, several = found(), [], 0
    for view, _user, client, sent in forms_of_staff(world, samples):
        nothing = Sent(sent.page, sent.action, dict.fromkeys(sent.data, ""))
        answer = sent_back(client, nothing)
        if answer["Content-Type"].startswith("text/html") and answer.status_code not in (302, 404):
            found_at = places(answer.content.decode())
            several += len(found_at) > 1
            wrong += [(view, sent.action, found_at)] if found_at != sorted(found_at) or -1 in found_at else []
    assert wrong == []
    assert several > 10
