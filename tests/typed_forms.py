"""Somebody at every form of every page: what a browser sends of it, with a word of its own in every field for words.

Pages are found in the URLconf and forms in the pages, so a new form is met from its first day.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm, CharField
from django.test import Client
from django.urls import resolve

from households.drafts.rules_markup import Form, FormPage, Tag
from households.models import User
from households.permissions import ROLES
from tests.addresses import View, all_views
from tests.world import World

TYPED = {"text", "search", "tel", "textarea"}
WORD = re.compile("留[0-9]{3}字|1391[0-9]{7}")
SHORTEST = 5  # signs of a planted word
FIGURES = {"numeric", "decimal"}
DAY = "2024-06-20"
SEARCHED = "留000字"
DOORS = {"sign-in", "plate", "petition-follow", "change-password"}  # they ask for secrets, which nothing keeps
WITH_FORMS: dict[tuple[tuple[str, str], ...], dict[View, str]] = {}  # by where the samples lead
PAGES = [view for view in all_views() if view.audience and not view.is_api and view.name not in DOORS]


@dataclass
class Sent:
    """What a browser sends of a form. `words` says in which field each planted word stands."""

    page: str
    action: str
    data: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    files: int = 0


def forms_on(client: Client, page: str, first: int = 0) -> Iterator[Sent]:
    """The forms of a page in which something can be typed or chosen; the words are numbered from `first`."""
    answer = client.get(page)
    if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
        for form in FormPage(answer.content.decode()).forms:
            sent = _typed_into(form, page, first)
            if sent.words or sent.files:
                first += len(sent.words)
                yield sent


def sent_back(client: Client, sent: Sent, token: str = "") -> Any:
    """The form with the token that its page gave, or with another one."""
    data = sent.data | {"csrfmiddlewaretoken": token or client.cookies["dongkou_csrf"].value}
    return client.post(sent.action, data, HTTP_REFERER=f"http://testserver{sent.page}")


def forms_of_staff(world: World, samples: dict[str, str]) -> Iterator[tuple[str, User, Client, Sent]]:
    """Every form that somebody of the staff has, once: the page's name, who has it, their browser, what they send.

    Whoever has a form gets a browser of their own, which the test may sign out.
    """
    met, first = set(), 0
    for view, name in with_forms(world, samples).items():
        user = world.people[name]
        client = world.client(user)
        for sent in list(forms_on(client, view.url(samples), first)):
            step = (view.name, resolve(sent.action.partition("?")[0]).view_name, *sorted(sent.data))
            if step not in met:
                met.add(step)
                first += len(sent.words)
                yield view.name, user, client, sent


def with_forms(world: World, samples: dict[str, str]) -> dict[View, str]:
    """The pages that have forms, and who is the first to be shown one; looked for once in a session, before anything is sent."""
    key = tuple(samples.items())
    if key not in WITH_FORMS:
        looking = {name: world.client(name) for name in world.people}
        shown = {view: [name for name in looking if _may_open(world.user(name), view)] for view in PAGES}
        found = {
            view: next((name for name in names if any(forms_on(looking[name], view.url(samples)))), "")
            for view, names in shown.items()
        }
        WITH_FORMS[key] = {view: name for view, name in found.items() if name}
    return WITH_FORMS[key]


def ask_for_words(world: World, samples: dict[str, str]) -> None:
    """Everybody who may types into each search of each page."""
    for view in PAGES:
        for client in [world.client(user) for user in world.people.values() if _may_open(user, view)][:1]:
            page = view.url(samples)
            answer = client.get(page)
            if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
                for name in Searches(answer.content.decode()).names:
                    client.get(page, {name: SEARCHED})


def _may_open(user: User, view: View) -> bool:
    wanted = view.audience and view.audience.permission
    return bool(view.audience and not view.audience.public and (wanted is None or wanted in ROLES[user.role]))


def _typed_into(form: Form, page: str, first: int) -> Sent:
    sent = Sent(page, form.action or page)
    for control in form.controls:
        if control.kind in TYPED and control.control != "op_id" and not _a_figure(control):
            word = word_for(control, first + len(sent.words))
            sent.words[word] = control.control
            sent.data[control.control] = word
        elif control.kind == "file":
            sent.files += 1
            sent.data[control.control] = SimpleUploadedFile("a.jpg", b"photo")
        elif control.control and (value := _value(control)):
            sent.data[control.control] = value
    return sent


def word_for(control: Tag, number: int) -> str:
    """Of the kind that the field takes."""
    return f"1391{number:07}" if control.kind == "tel" else f"留{number:03}字"


def _a_figure(control: Tag) -> bool:
    return control.kind == "text" and control.attributes.get("inputmode") in FIGURES


def _value(control: Tag) -> str:
    if control.options:
        return control.options[-1].value
    return control.value or {"date": DAY, "time": "09:00", "month": DAY[:7]}.get(control.kind, "1")


class Searches(HTMLParser):
    """The fields for words in the forms of a page that ask by GET."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self._here = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._here = (told.get("method") or "get").lower() == "get"
        elif tag == "input" and self._here and (told.get("type") or "text") in TYPED and told.get("name"):
            self.names.add(str(told["name"]))

    def handle_endtag(self, tag: str) -> None:
        self._here = self._here and tag != "form"


def words_fields(kind: type[BaseForm]) -> set[str]:
    """The fields of a form that hold what people write in their own words."""
    return {
        name
        for name, asked in kind.base_fields.items()
        if type(asked) is CharField
        and getattr(asked.widget, "input_type", "textarea") in TYPED
        and (asked.max_length or SHORTEST) >= SHORTEST
    }


def forms_of_ours(rooms: tuple[str, ...], kind: type[BaseForm] = BaseForm) -> Iterator[type[BaseForm]]:
    """Every form of the rooms, once."""
    for one in kind.__subclasses__():
        if one.__module__.partition(".")[0] in rooms:
            yield one
        yield from forms_of_ours(rooms, one)


Typed = dict[type[BaseForm], set[str]]


@contextmanager
def typed_into() -> Iterator[Typed]:
    """The forms that are sent meanwhile, and which of their fields held a planted word."""
    sent: Typed = {}
    cleaned = BaseForm.full_clean

    def watched(form: BaseForm) -> None:
        cleaned(form)
        for name in form.fields if form.is_bound else ():
            value = form.data.get(form.add_prefix(name))
            if isinstance(value, str) and WORD.search(value):
                for kind in type(form).__mro__:
                    sent.setdefault(kind, set()).add(name)

    with patch.object(BaseForm, "full_clean", watched):
        yield sent
