"""Puts what an action found wrong with single fields beside them, on a page that does not say so itself, and the faults of
a page into the order in which its fields stand. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from households.drafts.rules import Edit, Fields, edited, folded_out, form_for
from households.drafts.rules_markup import FormPage, Tag

Faults = Mapping[str, str]  # a field's name to what is wrong with it
_PRESSED = frozenset({"submit", "button", "image", "reset", "hidden"})
_MARK = '<span class="field-fault" id="{}_error">{}</span>'
_LINES = re.compile(r'(?<=<div class="notice notice-error faults")(?:(?!</div>).)*?<ul>(.*?)</ul>', re.DOTALL)
_LINE = re.compile(r"<li\b.*?</li>", re.DOTALL)
_LEADS = re.compile(r'<a href="#([^"]+)" data-fault>')


def mark(html: str, *, page: str, action: str, fields: Fields, faults: Faults) -> str:
    """The page whose form for `action` says beside its fields what is wrong with them; the summary above leads there.

    `page` is the page's own path, `fields` what was sent. What has no field of its own stays as the page has it.
    """
    form = form_for(FormPage(html).forms, page, action, fields)
    found = list(_at(form.controls, faults)) if form else []
    if not form or not found:
        return html
    edits = [edit for control, told in found for edit in _marked(html, control, _told(html, control, told))]
    html = edited(html, [*edits, *(folded_out(fold) for fold in form.folds)])
    for control, told in found:
        html = _led_to(html, control, told)
    return html


def in_order(html: str) -> str:
    """The page whose summary names its faults as their fields stand below it, for a form may know them in another order.

    A line that leads to no field stays behind those that do.
    """
    summary = _LINES.search(html)
    if summary is None:
        return html
    lines = _LINE.findall(summary[1])
    ordered = sorted(lines, key=lambda line: _place(html, line))
    return edited(html, [(*summary.span(1), "".join(ordered))]) if ordered != lines else html


def _place(html: str, line: str) -> int:
    """Where the field of a line begins; behind the whole page when it has none."""
    leads = _LEADS.search(line)
    at = html.find(f' id="{leads[1]}"') if leads else -1
    return at if at >= 0 else len(html)


def _at(controls: Iterable[Tag], faults: Faults) -> Iterator[tuple[Tag, str]]:
    """The first control of each field; what is marked already stays."""
    for name, told in faults.items():
        control = next((one for one in controls if one.control == name and one.kind not in _PRESSED), None)
        if control is not None and control.attributes.get("aria-invalid") != "true":
            yield control, told


def _anchor(control: Tag) -> str:
    return control.attributes.get("id") or f"at-{control.control}"


def _label(html: str, control: Tag) -> str:
    """The words of its label, without tags."""
    found = re.search(rf'<label[^>]*\bfor="{re.escape(_anchor(control))}"[^>]*>(.*?)</label>', html, re.DOTALL)
    words = re.sub(r"<[^>]*>", "", found[1]) if found else escape(control.attributes.get("aria-label") or "")
    return "".join(words.split())


def _told(html: str, control: Tag, told: str) -> str:
    """Without the label that a list of faults begins with."""
    return escape(told).removeprefix(f"{_label(html, control)}：")


def _marked(html: str, control: Tag, told: str) -> Iterator[Edit]:
    anchor = _anchor(control)
    described = f"{control.attributes.get('aria-describedby') or ''} {anchor}_error".strip()
    look = f"{control.attributes.get('class') or ''} is-invalid".strip()
    tag = {"id": anchor, "aria-invalid": "true", "aria-describedby": described, "class": look}
    yield control.start, control.end, control.written(**tag)
    end = html.index(">", control.inner[1]) + 1 if control.name in ("textarea", "select") else control.end
    yield end, end, _MARK.format(anchor, told)


def _led_to(html: str, control: Tag, told: str) -> str:
    """The line of the summary leads to the field, under its label."""
    label = _label(html, control)
    if not label:
        return html
    line = rf'<li data-field="{re.escape(escape(control.control))}">.*?</li>'
    words = f'<li><a href="#{_anchor(control)}" data-fault>{label}</a>：{_told(html, control, told)}</li>'
    return re.sub(line, lambda _: words, html, count=1, flags=re.DOTALL)
