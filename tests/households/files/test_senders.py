"""Whose files use up cells: they come after everybody else's for a while, and nobody is shut out."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from dongkou.middleware import FileSenders
from households.files import cells, images, senders
from households.files.cell_limits import MB, CellLimits
from households.refusals import Refused
from households.roles import Role
from tests.rewards.pictures import photographs
from tests.world import World

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def sent(address: str, used_up: int = 0, method: str = "post") -> bool:
    """Send a form whose files use up so many cells; whether its sender comes after everybody else."""
    found: list[bool] = []

    def view(_request: HttpRequest) -> HttpResponse:
        found.append(senders.current().costly())
        senders.current().used_up += used_up
        return HttpResponse()

    FileSenders(view)(getattr(RequestFactory(), method)("/", REMOTE_ADDR=address))
    return found[0]


def test_address_that_used_up_cells_comes_last_and_no_other() -> None:
    assert [sent(HERE, used_up=1) for _ in range(FileSenders.MAX_CELLS)] == [False] * FileSenders.MAX_CELLS
    assert sent(HERE)
    assert not sent(ELSEWHERE)


def test_reading_a_page_is_not_counted() -> None:
    for _ in range(FileSenders.MAX_CELLS):
        sent(HERE, used_up=1, method="get")
    assert not sent(HERE)


def test_whoever_comes_last_is_served_when_nobody_waits() -> None:
    with senders.sending(senders.Sender(costly=lambda: True)):
        assert cells.photo(photographs.photo()) == images.photo(photographs.photo())


def test_whoever_comes_last_is_sent_back_while_somebody_is_served() -> None:
    places = cells.Places(at_once=3, waiting=3)
    with places.one():
        with pytest.raises(Refused, match="上传文件的人多"), places.one(alone=True):
            pass
        with places.one():
            assert places.taken == 2


def test_cell_that_dies_is_counted_to_its_sender() -> None:
    sender = senders.Sender(costly=lambda: False)
    with senders.sending(sender), pytest.raises(Refused):
        cells.opened("photo", photographs.photo(), CellLimits(cpu=9, deadline=60, memory=320 * MB, answer=1))
    assert sender.used_up == 1


@pytest.mark.parametrize(
    ("address", "words"), [("/petitions/new/", "照片一个最大 10 MB"), ("/api/v1/petitions/", "请分几次提交")]
)
def test_more_than_any_form_takes_is_refused_unread(world: World, address: str, words: str) -> None:
    length = str(FileSenders.MAX_BYTES + 1)
    answer = world.client(Role.CADRE).generic(
        "POST", address, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=length
    )
    said = answer.json()["detail"] if address.startswith("/api/") else answer.content.decode()
    assert (answer.status_code, words in said) == (413, True)
