"""What was typed stands in the page again: in its form, in every kind of control, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.drafts import rules
from households.drafts.rules_markup import FormPage

HTML = """<html><body><main id="content"><h1>办</h1>
<form method="get" action="/x/do/"><input name="why"></form>
<details><summary>填</summary>
<form method="post" action="/x/do/">
  <input type="hidden" name="csrfmiddlewaretoken" value="fresh"><input type="hidden" name="op_id" value="new">
  <input name="why" value="" required><input type="password" name="pin"><input type="checkbox" name="sure">
  <input type="radio" name="kind" value="a" checked><input type="radio" name="kind" value="b">
  <textarea name="text" rows="3">
</textarea><select name="place"><option value="">选</option><option value="1" selected>甲</option><option>乙</option></select>
  <input type="file" name="files" accept="image/*,application/pdf"><input type="file" name="list" accept=".csv">
  <button>交</button>
</form></details>
<form method="post" action="/x/other/"><input name="why"></form>
</main></body></html>"""
SENT = {
    "why": ['说 "一" <b>'],
    "sure": ["on"],
    "kind": ["b"],
    "text": ["第一行\n第二行"],
    "place": ["乙"],
    "pin": ["1"],
}


def filled(fields: dict[str, list[str]] = SENT, files: tuple[str, ...] = (), action: str = "/x/do/") -> str:
    html = rules.fill(HTML, page="/x/", action=action, fields=fields, files=files, note="<p>还在</p>")
    assert html is not None
    return html


def test_every_kind_of_control_holds_what_was_typed() -> None:
    html = filled()
    for written in (
        '<input name="why" value="说 &quot;一&quot; &lt;b&gt;" required>',
        '<input type="checkbox" name="sure" checked>',
        '<input type="radio" name="kind" value="a">',
        '<input type="radio" name="kind" value="b" checked>',
        '<textarea name="text" rows="3">\n第一行\n第二行</textarea>',
        '<option value="1">甲</option><option selected>乙</option>',
        "<details open><summary>填</summary>",
        '<main id="content"><p>还在</p>',
    ):
        assert written in html


def test_secrets_tokens_and_other_forms_stay_as_the_page_made_them() -> None:
    html = filled()
    for written in (
        '<input type="password" name="pin">',
        'value="fresh"',
        'name="op_id" value="new"',
        '<form method="get" action="/x/do/"><input name="why"></form>',
        '<form method="post" action="/x/other/"><input name="why"></form>',
    ):
        assert written in html


def test_chosen_files_are_asked_for_again_beside_their_field() -> None:
    html = filled(files=("files", "list"))
    assert f'accept="image/*,application/pdf"><p class="field-fault" data-choose-again>{rules.PHOTO_AGAIN}</p>' in html
    assert f'accept=".csv"><p class="field-fault" data-choose-again>{rules.FILE_AGAIN}</p>' in html
    assert rules.PHOTO_AGAIN not in filled()
    assert rules.choose_again(HTML, ["list"]).count("要重新选。") == 1


def test_form_that_takes_none_of_it_is_no_form_for_it() -> None:
    assert rules.fill(HTML, page="/x/", action="/x/gone/", fields=SENT, files=(), note="") is None
    assert rules.fill(HTML, page="/x/", action="/x/do/", fields={"else": ["字"]}, files=(), note="") is None


def test_of_two_forms_for_one_address_the_one_that_was_sent_is_filled() -> None:
    def form(which: str) -> str:
        return f'<form method="post"><input type="hidden" name="which" value="{which}"><input name="why"></form>'

    sent = {"which": ["no"], "why": ["因为"]}
    html = rules.fill(form("yes") + form("no"), page="/x/", action="/x/", fields=sent, files=(), note="")
    assert html == form("yes") + form("no").replace('<input name="why">', '<input name="why" value="因为">')


def test_several_controls_of_one_name_get_theirs_in_turn() -> None:
    form = '<form method="post"><textarea name="note"></textarea><textarea name="note"></textarea></form>'
    html = rules.fill(form, page="/x/", action="/x/", fields={"note": ["一", "二"]}, files=(), note="")
    assert html is not None and html.index("一") < html.index("二")


@pytest.mark.parametrize("name", sorted(rules.NEVER))
def test_secret_of_any_form_is_not_kept(name: str) -> None:
    assert rules.typed({name: ["geheim"], "why": ["因为"]}) == {"why": ["因为"]}


@pytest.mark.parametrize("kind", ["submit", "button", "image", "reset", "password", "hidden", "file"])
def test_control_that_nobody_typed_into_stays_as_it_was(kind: str) -> None:
    control = f'<input type="{kind}" name="act" value="made">'
    form = f'<form method="post">{control}<input name="why"></form>'
    html = rules.fill(form, page="/x/", action="/x/", fields={"act": ["typed"], "why": ["因为"]}, files=(), note="")
    assert html is not None and control in html


def test_control_that_names_its_form_is_filled() -> None:
    form = '<form method="post" id="do"></form><input name="why" form="do"><input name="why" form="gone">'
    html = rules.fill(form, page="/x/", action="/x/", fields={"why": ["因为", "又"]}, files=(), note="")
    assert html == form.replace('<input name="why" form="do">', '<input name="why" form="do" value="因为">')


def test_nothing_secret_or_made_by_a_program_counts_as_typed() -> None:
    sent = {"csrfmiddlewaretoken": ["x" * 64], "PIN": ["123456"], "code": ["ab"], "empty": [""], "why": ["因为"]}
    assert rules.typed(sent) == {"why": ["因为"]}
    assert rules.words({"act": ["confirm"], "row": ["17"], "phone": ["13800000001"], "why": ["因为"]}) == [
        "13800000001",
        "因为",
    ]


def test_text_with_empty_ones_beside_it_is_kept() -> None:
    assert rules.typed({"note": ["", "字"]}) == {"note": ["", "字"]}


def test_note_stands_at_the_head_of_the_page_s_own_part() -> None:
    assert rules.beside("<body>\n<main>字</main>", "<p>还在</p>") == "<body>\n<main><p>还在</p>字</main>"
    assert rules.beside("<body>字</body>", "<p>还在</p>") == "<body>字</body>"


def test_option_is_chosen_by_its_text_as_people_read_it() -> None:
    form = '\n<form method="post"><select name="place"><option>甲&amp;乙</option>\n<option selected>丙</option></select></form>'
    html = rules.fill(form, page="/x/", action="/x/", fields={"place": ["甲&乙"]}, files=(), note="")
    assert html == form.replace("<option>甲", "<option selected>甲").replace("<option selected>丙", "<option>丙")


def test_only_folds_around_the_form_are_opened() -> None:
    form = '<details><p>别的</p></details><details><form method="post"><input name="why"></form></details>'
    html = rules.fill(form, page="/x/", action="/x/", fields={"why": ["因为"]}, files=(), note="")
    assert html is not None and html.startswith("<details><p>") and html.count("<details open>") == 1


def test_form_that_takes_only_what_is_hidden_is_no_form_for_it() -> None:
    form = '<form method="post"><input type="hidden" name="row"><input type="submit" name="act"></form>'
    fields = {"row": ["1"], "act": ["go"]}
    assert rules.fill(form, page="/x/", action="/x/", fields=fields, files=(), note="") is None


def test_option_of_a_list_of_suggestions_is_left_alone() -> None:
    form = '<datalist><option value="甲"></datalist><form method="post"><input name="why"></form>'
    html = rules.fill(form, page="/x/", action="/x/", fields={"why": ["甲"]}, files=(), note="")
    assert html == form.replace('<input name="why">', '<input name="why" value="甲">')


@pytest.mark.parametrize("name", ["why", "text"])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back_as_it_was(name: str, text: str) -> None:
    [form] = [form for form in FormPage(filled({name: [text]})).forms if form.action == "/x/do/"]
    control = next(control for control in form.controls if control.control == name)
    html = filled({name: [text]})
    assert rules.stands_in(html, text)
    assert name == "text" or control.value == text
