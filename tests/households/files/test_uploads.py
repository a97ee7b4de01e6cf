"""Uploads: too large is said before anything is read."""

import pytest
from django.core.files.base import ContentFile, File

from households.files import images
from households.files.uploads import content, is_too_large
from households.refusals import Refused


class Endless(File):
    size = 11 * 1024 * 1024

    def __init__(self) -> None:
        super().__init__(None)

    def read(self) -> bytes:
        raise AssertionError("read")


def test_upload_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(Refused, match=r"11\.0 MB"):
        content(Endless(), images.MAX_BYTES, images.too_large)


@pytest.mark.parametrize(("length", "too_large"), [(4, False), (5, False), (6, True)])
def test_limit_itself_is_allowed(length: int, too_large: bool) -> None:
    assert is_too_large(ContentFile(b"x" * length), 5) is too_large


def test_upload_is_read_whole() -> None:
    assert content(ContentFile(b"abc"), 3, images.too_large) == b"abc"
