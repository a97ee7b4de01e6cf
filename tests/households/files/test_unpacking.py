"""How much a zip file holds is found by unpacking it, whatever it says of itself."""

import io
import random
import zipfile

import pytest

from households.files.unpacking import is_larger

SIZE = 200_000  # packed it is longer than what is unpacked at once


def packed(compression: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("a", random.Random(4).randbytes(SIZE))
        archive.writestr("b", bytes(SIZE))
    return buffer.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_every_byte_of_every_part_counts(compression: int) -> None:
    data = packed(compression)
    assert not is_larger(data, 2 * SIZE)
    assert is_larger(data, 2 * SIZE - 1)
