"""Text of a file in either encoding."""

from hypothesis import given
from hypothesis import strategies as st

from households.files.tables import decode


@given(st.text("石门县罗坪乡东山村abc,123\n", min_size=1))
def test_decode_agrees_for_both_encodings(text: str) -> None:
    assert decode(text.encode("utf-8")) == decode(text.encode("gb18030")) == text
