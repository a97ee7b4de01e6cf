"""The forms of a page that is already written out: where they stand, and their controls. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

Attributes = dict[str, str | None]
UNTYPED = frozenset({"submit", "button", "image", "reset", "password"})  # what nobody typed, and what nothing may keep
CHOSEN = frozenset({"radio", "checkbox"})


@dataclass(slots=True)
class Tag:
    """A tag as it was written: its offsets in the page. `inner` is where its text begins and ends, if anybody asked."""

    name: str
    attributes: Attributes
    start: int
    end: int
    inner: tuple[int, int] = (0, 0)
    options: list["Tag"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`text`, `radio`, `file` ... of an input; `textarea`, `select` of the others."""
        return (self.attributes.get("type") or "text").lower() if self.name == "input" else self.name

    @property
    def control(self) -> str:
        """The name under which its value is sent."""
        return self.attributes.get("name") or ""

    @property
    def value(self) -> str:
        """What is sent when it is chosen."""
        return self.attributes.get("value") or ""

    def written(self, **changes: str | bool) -> str:
        """The tag with other attributes: True adds one without a value, False takes one away."""
        attributes: dict[str, str | bool | None] = {**self.attributes, **changes}
        pairs = [
            f" {name}" if value in (None, True) else f' {name}="{escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False
        ]
        return f"<{self.name}{''.join(pairs)}>"


@dataclass(slots=True)
class Form:
    """A form that is sent by POST, with the folds that hide it and its controls."""

    tag: Tag
    folds: tuple[Tag, ...]
    controls: list[Tag] = field(default_factory=list)

    @property
    def action(self) -> str:
        """Where it is sent; empty: to the page's own address."""
        return self.tag.attributes.get("action") or ""


class FormPage(HTMLParser):
    """Reads a page once. `forms` are those that are sent by POST, `main` is the tag that the page's own part begins with."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[Form] = []
        self.main: Tag | None = None
        self._here: Form | None = None
        self._folds: list[Tag] = []
        self._open: Tag | None = None  # the textarea or select that is being read
        self._elsewhere: list[tuple[str, Tag]] = []  # controls that name their form
        self._lines = list(_starts(html))
        self.feed(html)
        by_id = {form.tag.attributes.get("id"): form for form in self.forms}
        for name, control in self._elsewhere:
            if name in by_id:
                by_id[name].controls.append(control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = self._tag(tag, dict(attrs))
        if tag == "main":
            self.main = found
        elif tag == "details":
            self._folds.append(found)
        elif tag == "form" and (found.attributes.get("method") or "").lower() == "post":
            self._here = Form(found, tuple(self._folds))
            self.forms.append(self._here)
        elif tag == "option" and self._open:
            found.inner = (found.end, found.end)
            self._open.options.append(found)
        elif tag in ("input", "textarea", "select"):
            self._control(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif self._open and tag == self._open.name:
            self._open.inner = (self._open.end, self._offset())
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open.options and not data.isspace():  # blanks may stand behind an option's end
            last = self._open.options[-1]
            last.inner = (last.end, self._offset() + len(data))

    def _control(self, found: Tag) -> None:
        if found.name != "input":
            self._open = found
        elsewhere = found.attributes.get("form")
        if elsewhere:
            self._elsewhere.append((elsewhere, found))
        elif self._here:
            self._here.controls.append(found)

    def _tag(self, name: str, attributes: Attributes) -> Tag:
        start = self._offset()
        return Tag(name, attributes, start, start + len(self.get_starttag_text() or ""))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _starts(html: str) -> Iterator[int]:
    """Where each line begins."""
    at = 0
    yield at
    while (at := html.find("\n", at) + 1) > 0:
        yield at
