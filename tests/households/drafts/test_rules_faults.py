"""What an action finds wrong with a field is written beside it, on a page that does not say so; faults stand in its order."""

import pytest

from households.drafts.rules_faults import in_order, mark

PAGE = """<main><div class="faults"><ul><li data-field="note">太短</li><li data-field="hidden">不认识</li></ul></div>
<details><summary>改</summary><form method="post" action="/a/"><label for="why">为什么 <b>*</b></label>
<textarea class="form-control" id="why" name="note" aria-describedby="why_hint">旧</textarea><input type="hidden" name="hidden">
<select name="kind"><option value="1">甲</option></select></form></details>
<form method="post" action="/b/"><input name="note"></form></main>"""


def marked(html: str, **faults: str) -> str:
    return mark(html, page="/", action="/a/", fields={"note": [""], "kind": ["1"]}, faults=faults)


def test_fault_stands_behind_its_control_and_the_summary_leads_there() -> None:
    html = marked(PAGE, note="太短<")
    assert 'id="why" name="note" aria-describedby="why_hint why_error" aria-invalid="true">旧</textarea>' in html
    assert '</textarea><span class="field-fault" id="why_error">太短&lt;</span>' in html
    assert '<li><a href="#why" data-fault>为什么*</a>：太短&lt;</li>' in html
    assert "<details open>" in html and '<input name="note"></form>' in html


def test_label_that_the_fault_begins_with_is_said_once() -> None:
    assert '<span class="field-fault" id="why_error">请填写。</span>' in marked(PAGE, note="为什么*：请填写。")


def test_control_without_an_id_gets_one() -> None:
    html = marked(PAGE, kind="请选一项。")
    assert '<select name="kind" id="at-kind"' in html
    assert '</select><span class="field-fault" id="at-kind_error">请选一项。</span>' in html


def test_field_without_a_control_and_another_form_leave_the_page_as_it_was() -> None:
    assert marked(PAGE, hidden="不认识", other="没有") == PAGE
    assert mark(PAGE, page="/", action="/c/", fields={"note": [""]}, faults={"note": "太短"}) == PAGE


@pytest.mark.parametrize("kind", ["submit", "button", "image", "reset", "hidden"])
def test_what_is_pressed_or_hidden_is_not_marked(kind: str) -> None:
    page = PAGE.replace('<input type="hidden" name="hidden">', f'<input type="{kind}" name="go">')
    assert marked(page, go="太短") == page
    assert marked(page.replace(f'type="{kind}"', 'type="text"'), go="太短") != page


def test_control_that_its_form_has_marked_is_not_marked_twice() -> None:
    once = marked(PAGE, note="太短")
    assert marked(once, note="太短") == once


LIST = '<div class="notice notice-error faults" role="alert"><p>两处</p><ul>{}</ul></div>'
FIELDS = '<ul><li>别的</li></ul><input id="a"><fieldset id="b"></fieldset><p id="b_error"></p>'
A, B = '<li><a href="#a" data-fault>甲</a>：空</li>', '<li>\n<a href="#b" data-fault>乙</a>：空</li>'
NOWHERE, GONE = "<li>没有去处</li>", '<li><a href="#gone" data-fault>丙</a>：空</li>'


@pytest.mark.parametrize(
    ("listed", "wanted"),
    [(B + A, A + B), (NOWHERE + B + GONE + A, A + B + NOWHERE + GONE), (A + B, A + B), (NOWHERE, NOWHERE)],
)
def test_faults_stand_in_the_order_of_their_fields(listed: str, wanted: str) -> None:
    assert in_order(LIST.format(listed) + FIELDS) == LIST.format(wanted) + FIELDS


def test_only_the_lines_of_the_summary_are_put_in_order() -> None:
    other = f'<div class="notice"><ul>{B + A}</ul></div>{FIELDS}'
    no_lines = '<div class="notice notice-error faults" role="alert"><p>不行</p></div>'
    assert in_order(other) == other
    assert in_order(no_lines + other) == no_lines + other
