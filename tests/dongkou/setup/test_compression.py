"""Text goes out compressed, and tells nothing by its size."""

import gzip

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from households.roles import Role
from tests.world import World

ASKS = {"HTTP_ACCEPT_ENCODING": "gzip, deflate"}


@pytest.mark.parametrize(
    "path", ["/rankings/{month}/village/", "/rankings/{month}/village/?format=csv", "/api/v1/rankings/{month}/village/"]
)
def test_pages_tables_and_data_are_compressed(world: World, path: str) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    plain = client.get(path.format(month=world.month))
    packed = client.get(path.format(month=world.month), **ASKS)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content)
    assert "东山村" in gzip.decompress(packed.content).decode()


def test_the_same_page_never_has_one_size_and_one_token(db: None) -> None:
    client = Client()
    answers = [client.get(reverse("sign-in"), **ASKS) for _ in range(6)]
    pages = [gzip.decompress(answer.content).decode() for answer in answers]
    tokens = {page.partition('name="csrfmiddlewaretoken" value="')[2][:64] for page in pages}
    assert len(tokens) == 6
    assert len({len(answer.content) for answer in answers}) > 1


def test_a_page_that_another_site_opens_for_a_session_is_not_compressed(world: World) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    asked = client.get("/", **ASKS, HTTP_SEC_FETCH_SITE="cross-site")
    assert "Content-Encoding" not in asked
    assert client.get("/", **ASKS, HTTP_SEC_FETCH_SITE="same-origin")["Content-Encoding"] == "gzip"
    assert Client().get("/rules/", **ASKS, HTTP_SEC_FETCH_SITE="cross-site")["Content-Encoding"] == "gzip"


def test_files_that_are_packed_already_stay_as_they_are(world: World) -> None:
    answer = world.client(Role.COUNTY_OFFICE).get(f"/rankings/{world.month}/village/?format=xlsx", **ASKS)
    assert "Content-Encoding" not in answer
    assert answer.content[:2] == b"PK"


def test_compression_stands_outside_what_writes_into_answers() -> None:
    order = settings.MIDDLEWARE
    assert order.index("dongkou.middleware.CompressedText") < order.index(
        "django.contrib.sessions.middleware.SessionMiddleware"
    )
