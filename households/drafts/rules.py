"""Puts back into a page what somebody had typed into one of its forms. Pure.

It works on the page as it is sent, so it knows every form there is, also those of pages that nobody thought of here, and
asks nothing of the browser.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from households.drafts.rules_markup import CHOSEN, UNTYPED, Form, FormPage, Tag

Fields = Mapping[str, list[str]]
Edit = tuple[int, int, str]  # from, to, what stands there instead

NEVER = frozenset({"csrfmiddlewaretoken", "password", "current_password", "current", "again", "pin", "code", "op_id"})
PHOTO_AGAIN, FILE_AGAIN = "照片要重新选。", "文件要重新选。"
_NOTE = '<p class="field-fault" data-choose-again>{}</p>'
_FOR_PROGRAMS = re.compile(r"[a-z_.-]*|[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d{1,4}", re.ASCII)


def typed(fields: Fields) -> dict[str, list[str]]:
    """What of a sent form may be kept: no secrets, nothing that every page makes anew."""
    return {name: list(values) for name, values in fields.items() if name.lower() not in NEVER and any(values)}


def words(fields: Fields) -> list[str]:
    """What somebody wrote, without numbers of rows, names of steps and the like."""
    return [value for values in fields.values() for value in values if not _FOR_PROGRAMS.fullmatch(value)]


def stands_in(html: str, word: str) -> bool:
    """Whether a page shows these words, however it writes them."""
    return "".join(escape(word).split()) in "".join(html.split())


def fill(html: str, *, page: str, action: str, fields: Fields, files: Iterable[str], note: str) -> str | None:
    """The page whose form for `action` holds `fields` again, `note` at its head; None when it has no such form.

    `page` is the page's own path. Passwords stay empty, hidden fields as the page made them; beside a file's field stands
    that it must be chosen again.
    """
    read = FormPage(html)
    form = form_for(read.forms, page, action, fields)
    if form is None:
        return None
    left = {name: list(values) for name, values in fields.items()}
    edits = [edit for control in form.controls for edit in _filled(html, control, left)]
    edits += [folded_out(fold) for fold in form.folds]
    edits += _files_again(html, form.controls, files)
    head = (read.main or form.tag).end
    return edited(html, [*edits, (head, head, note)])


def beside(html: str, note: str) -> str:
    """The page with `note` at its head."""
    main = FormPage(html).main
    return edited(html, [(main.end, main.end, note)]) if main else html


def choose_again(html: str, files: Iterable[str]) -> str:
    """A page that came back after a form with files: beside each file's field stands that it must be chosen again."""
    names = set(files)
    controls = [control for form in FormPage(html).forms for control in form.controls]
    return edited(html, _files_again(html, controls, names))


def form_for(forms: list[Form], page: str, action: str, fields: Fields) -> Form | None:
    """Of the forms that are sent there the one that fits best; one without a place for anything does not count."""
    there = [form for form in forms if urlsplit(urljoin(page, form.action)).path == action]
    best = max(there, key=lambda form: _fit(form, fields), default=None)
    takes = {each.control for each in best.controls if each.kind not in UNTYPED | {"hidden"}} if best else set()
    return best if takes & fields.keys() else None


def _fit(form: Form, fields: Fields) -> int:
    """How many of its controls what was sent can have come from."""
    known = (each for each in form.controls if each.control in fields)
    return sum(each.kind not in CHOSEN | {"hidden"} or each.value in fields[each.control] for each in known)


def _filled(html: str, control: Tag, left: dict[str, list[str]]) -> Iterator[Edit]:
    """A control with what was typed; each text is used up, so that several of one name get theirs in turn."""
    values, kind = left.get(control.control), control.kind
    if kind in UNTYPED or kind in ("hidden", "file"):
        return
    if kind in CHOSEN:
        chosen = (control.value or "on") in (values or ())
        yield control.start, control.end, control.written(checked=chosen)
    elif kind == "select" and values:
        for option in control.options:
            value = option.value if "value" in option.attributes else unescape(html[slice(*option.inner)]).strip()
            yield option.start, option.end, option.written(selected=value in values)
    elif kind == "textarea" and values:
        yield *control.inner, f"\n{escape(values.pop(0))}"
    elif values:
        yield control.start, control.end, control.written(value=values.pop(0))


def _files_again(html: str, controls: Iterable[Tag], files: Iterable[str]) -> Iterator[Edit]:
    for control in controls:
        if control.kind == "file" and control.control in files:
            photo = "image" in (control.attributes.get("accept") or "image")
            yield control.end, control.end, _NOTE.format(PHOTO_AGAIN if photo else FILE_AGAIN)


def folded_out(fold: Tag) -> Edit:
    """A `details` that stands open."""
    return fold.start, fold.end, fold.written(open=True)


def edited(html: str, edits: Iterable[Edit]) -> str:
    """The text with each piece replaced; none overlaps another."""
    parts, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        parts += [html[at:start], text]
        at = end
    return "".join([*parts, html[at:]])
