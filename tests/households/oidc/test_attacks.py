"""Whoever comes back with an answer that is not the provider's to this browser's question stays outside."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, User
from households.oidc import metadata
from households.oidc.provider import Provider
from households.roles import Role
from tests.households.oidc.provided import LABEL, Provided, running
from tests.processes import free_port
from tests.world import World

pytestmark = pytest.mark.django_db
SUB = "gh-0417"


@pytest.fixture
def cadre(world: World, provider: Provided) -> User:
    """Bound, and nothing else stands against them."""
    user = world.user(Role.CADRE)
    provider.binds(user, SUB)
    return user


def inside(client: Client) -> bool:
    return client.get(reverse("sign-ins")).status_code == 200


def refused(client: Client, answer: HttpResponse, words: str = "没有成功") -> bool:
    """It says so, shows the way back, and nobody is in."""
    page = answer.content.decode()
    assert words in page and reverse("sign-in") in page
    assert not AuditEvent.objects.filter(action="account.sign_in").exists()
    return not inside(client)


def changed(answer: str, **parts: str) -> str:
    """The provider's answer with something else in it."""
    path, _, query = answer.partition("?")
    return f"{path}?{urlencode({name: values[0] for name, values in parse_qs(query).items()} | parts)}"


def test_bound_person_comes_in_where_they_wanted(provider: Provided, cadre: User) -> None:
    client = Client()
    assert provider.signs_in(client, SUB, reverse("own-post"))["Location"] == reverse("own-post")
    assert client.get(reverse("api-me")).json()["username"] == cadre.username


def test_question_holds_everything_that_protects_it(provider: Provided, cadre: User) -> None:
    first, second = (parse_qs(urlsplit(provider.sent(Client())).query) for _ in range(2))
    assert first["response_type"] == ["code"] and first["code_challenge_method"] == ["S256"]
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_answer_with_another_state(provider: Provided, cadre: User) -> None:
    client = Client()
    answer = provider.answer(provider.sent(client), SUB)
    assert refused(client, client.get(changed(answer, state="x" * 43)))
    assert provider.asked("/token") == 0 or not inside(client)


def test_answer_in_another_browser(provider: Provided, cadre: User) -> None:
    answer, other = provider.answer(provider.sent(Client()), SUB), Client()
    assert refused(other, other.get(answer))
    provider.sent(other)
    assert refused(other, other.get(answer))


def test_answer_that_was_used_already(provider: Provided, cadre: User) -> None:
    """Even by a provider that takes a code twice."""
    provider.lies(keep_codes=True)
    client = Client()
    answer = provider.answer(provider.sent(client), SUB)
    assert client.get(answer)["Location"] == "/"
    client.post(reverse("sign-out"))
    again = client.get(answer)
    assert "没有成功" in again.content.decode() and not inside(client)


def test_code_that_was_used_in_another_browser(provider: Provided, cadre: User) -> None:
    """The code of one put into the answer to another: their verifiers differ (PKCE)."""
    provider.lies(keep_codes=True)
    victim, thief = Client(), Client()
    stolen = parse_qs(urlsplit(provider.answer(provider.sent(victim), SUB)).query)["code"][0]
    own = provider.answer(provider.sent(thief), "somebody-else")
    assert refused(thief, thief.get(changed(own, code=stolen)))


def test_answer_that_names_another_issuer(provider: Provided, cadre: User) -> None:
    client = Client()
    answer = provider.answer(provider.sent(client), SUB)
    assert refused(client, client.get(changed(answer, iss="https://login.elsewhere.example")))


def test_person_who_says_no_there(provider: Provided, cadre: User) -> None:
    client = Client()
    state = parse_qs(urlsplit(provider.sent(client)).query)["state"][0]
    assert refused(client, client.get(reverse("oidc-back"), {"state": state, "error": "access_denied"}))


LIES: dict[str, dict[str, Any]] = {
    "wrong nonce": {"claims": {"nonce": "n" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "other audience": {"claims": {"aud": "another-client"}},
    "no audience": {"claims": {"aud": None}},
    "token of another client": {"claims": {"aud": ["another-client", "dongkou-six-zeros"], "azp": "another-client"}},
    "for several, and nobody in particular": {"claims": {"aud": ["another-client", "dongkou-six-zeros"]}},
    "other issuer": {"claims": {"iss": "https://login.elsewhere.example"}},
    "expired": {"claims": {"iat": 1_700_000_000, "exp": 1_700_003_600}},
    "no expiry": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": 4_000_000_000, "exp": 4_000_003_600}},
    "no subject": {"claims": {"sub": None}},
    "alg none": {"signed": "none"},
    "HS256 with the public key": {"signed": "public"},
    "key of a stranger": {"signed": "stranger"},
}


@pytest.mark.parametrize("lie", LIES)
def test_token_that_lies(provider: Provided, cadre: User, lie: str) -> None:
    provider.lies(**LIES[lie])
    client = Client()
    assert refused(client, provider.signs_in(client, SUB))
    provider.lies()
    assert provider.signs_in(client, SUB)["Location"] == "/"


def test_rotated_keys_are_fetched_and_old_ones_let_go(provider: Provided, cadre: User, known_long: None) -> None:
    assert provider.signs_in(Client(), SUB)["Location"] == "/"
    before = provider.asked("/keys")
    provider.told("rotate")
    assert provider.signs_in(Client(), SUB)["Location"] == "/"
    assert provider.asked("/keys") == before + 1


def test_keys_are_not_asked_for_at_every_token(provider: Provided, cadre: User) -> None:
    provider.signs_in(Client(), SUB)
    before = (provider.asked("/keys"), provider.asked("/.well-known/openid-configuration"))
    provider.told("rotate")
    client = Client()
    for _ in range(3):
        assert "没有成功" in provider.signs_in(client, SUB).content.decode()
    assert (provider.asked("/keys"), provider.asked("/.well-known/openid-configuration")) == before


@pytest.fixture
def known_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the keys had been fetched long before: they may be asked for again."""
    monkeypatch.setattr(metadata, "AGAIN", -1)


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"],
)
def test_next_to_another_host(provider: Provided, cadre: User, onward: str) -> None:
    client = Client()
    assert provider.signs_in(client, SUB, onward)["Location"] == "/"


def test_provider_that_is_down(cadre: User, settings: LazySettings) -> None:
    settings.OIDC = Provider(f"http://127.0.0.1:{free_port()}", "c", "s" * 16, LABEL)
    metadata.forget()
    client = Client()
    answer = client.get(reverse("oidc-go"))
    assert refused(client, answer, f"{LABEL}现在没有回应") and answer.status_code == 503


def test_provider_that_goes_down_on_the_way(cadre: User, world: World, settings: LazySettings) -> None:
    client = Client()
    with running() as short:
        settings.OIDC = short.settings()
        answer = short.answer(short.sent(client), SUB)
    assert refused(client, client.get(answer), "现在没有回应")


def test_provider_that_hangs_is_not_asked_by_everybody(cadre: User, settings: LazySettings, hanging: str) -> None:
    """The first one waits for it; who comes next is told at once."""
    settings.OIDC = Provider(hanging, "c", "s" * 16, LABEL)
    metadata.forget()
    asked = Silent.asked
    answers = [Client().get(reverse("oidc-go")) for _ in range(3)]
    assert ["现在没有回应" in answer.content.decode() for answer in answers] == [True] * 3
    assert Silent.asked == asked + 1


class Silent(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        return None


@pytest.fixture
def hanging() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_provider_that_says_nothing_is_given_up(cadre: User, settings: LazySettings, monkeypatch: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setattr("households.oidc.asking.STEP", 0.2)
        settings.OIDC = Provider(f"http://127.0.0.1:{deaf.getsockname()[1]}", "c", "s" * 16, LABEL)
        metadata.forget()
        client = Client()
        assert refused(client, client.get(reverse("oidc-go")), "现在没有回应")


def test_provider_that_leads_elsewhere_is_not_followed(provider: Provided, cadre: User, hanging: str) -> None:
    provider.lies(redirect=f"{hanging}/stolen")
    asked, client = Silent.asked, Client()
    assert refused(client, client.get(reverse("oidc-go")), "现在没有回应")
    assert Silent.asked == asked


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://login.elsewhere.example"},
        {"token_endpoint": "http://login.elsewhere.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": ""},
    ],
)
def test_metadata_that_are_not_to_be_believed(provider: Provided, cadre: User, told: dict[str, str]) -> None:
    provider.lies(metadata=told)
    client = Client()
    assert refused(client, client.get(reverse("oidc-go")), "现在没有回应")


def test_without_a_provider_there_is_nothing(cadre: User, world: World, settings: LazySettings) -> None:
    settings.OIDC = None
    admin, page = world.client(Role.SYSTEM_ADMIN), Client().get(reverse("sign-in")).content.decode()
    assert "oidc" not in page and "统一" not in admin.get(reverse("sign-ins")).content.decode()
    assert "统一身份认证" not in admin.get(reverse("account", args=[cadre.pk])).content.decode()
    for name, client in (("oidc-go", Client()), ("oidc-back", Client()), ("oidc-left", Client())):
        assert client.get(reverse(name)).status_code == 404
    assert admin.get(reverse("own-identity")).status_code == 404
    assert admin.post(reverse("begin-identity")).status_code == 404
    assert admin.get(reverse("account-identity", args=[cadre.pk])).status_code == 404
