"""Filing while there is no room to open files: the form comes back whole, and forms without files go on."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from households.files import cells
from petitions.models import Petition
from tests.petitions.filers import PDF, TEXT, Filer
from tests.rewards.pictures.photographs import photo
from tests.world import World


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[None]:
    """Every place is taken."""
    places = cells.Places(at_once=1, waiting=0)
    monkeypatch.setattr(cells.own(), "places", places)
    with places.one():
        yield


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("content", [photo(), PDF])
def test_form_with_a_file_is_sent_back_with_all_its_words(content: bytes) -> None:
    answer = Filer().file(files=[SimpleUploadedFile("a.jpg", content)])
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "请稍后再试" in page and TEXT in page and "重新选" in page
    assert Petition.objects.count() == 0


@pytest.mark.usefixtures("full")
def test_form_without_a_file_is_filed_all_the_same() -> None:
    Filer().filed()
    assert Petition.objects.count() == 1
