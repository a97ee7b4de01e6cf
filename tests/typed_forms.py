"""Somebody at every form of every page: what a browser sends of it, with a word of its own in every field for words.

Pages are found in the URLconf and forms in the pages, so a new form is met from its first day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from households.drafts.rules_markup import Form, FormPage, Tag
from households.models import User
from households.permissions import ROLES
from tests.addresses import View, all_views
from tests.world import World

TYPED = {"text", "search", "tel", "textarea"}
DOORS = {"sign-in", "plate", "petition-follow", "change-password"}  # they ask for secrets, which nothing keeps
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

    A browser for each who only looks; whoever has a form gets one of their own, which the test may sign out.
    """
    met, first = set(), 0
    looking = {user: world.client(user) for user in world.people.values()}
    for view in PAGES:
        for user in [user for user in looking if _may_open(user, view)]:
            page = view.url(samples)
            if not any(forms_on(looking[user], page)):
                continue
            client = world.client(user)
            for sent in list(forms_on(client, page, first)):
                step = (view.name, resolve(sent.action).view_name, *sorted(sent.data))
                if step not in met:
                    met.add(step)
                    first += len(sent.words)
                    yield view.name, user, client, sent
            if any(name == view.name for name, *_ in met):
                break


def _may_open(user: User, view: View) -> bool:
    wanted = view.audience and view.audience.permission
    return bool(view.audience and not view.audience.public and (wanted is None or wanted in ROLES[user.role]))


def _typed_into(form: Form, page: str, first: int) -> Sent:
    sent = Sent(page, form.action.partition("?")[0] or page.partition("?")[0])
    for control in form.controls:
        if control.kind in TYPED and control.control != "op_id":
            word = f"留{first + len(sent.words):03}字"
            sent.words[word] = control.control
            sent.data[control.control] = word
        elif control.kind == "file":
            sent.files += 1
            sent.data[control.control] = SimpleUploadedFile("a.jpg", b"photo")
        elif control.control and (value := _value(control)):
            sent.data[control.control] = value
    return sent


def _value(control: Tag) -> str:
    return control.options[-1].value if control.options else control.value or "1"
