"""The look for faults itself: one pale text among many is found, and nothing where all is well."""

from collections.abc import Callable

import pytest

from tests.browsing import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "".join(f"<tr><td>{number}</td><td>东山村{number}号</td></tr>" for number in range(60))
PAGE = f"""<!doctype html><html lang="zh"><head><title>表</title></head>
<body><main><h1>表</h1><table><tr hidden><td>0</td></tr>{ROWS}</table></main></body></html>"""


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("main { margin: 0; }", []),
        ("tr:nth-child(40) td { color: #bbb; }", ["color-contrast: <td>38</td>"]),
        ("tr:nth-child(40) { background: #555; }", ["color-contrast: <td>38</td>"]),
    ],
    ids=["well", "pale letters", "dark ground"],
)
def test_one_pale_row_of_sixty_is_found(browser_page: Callable[..., object], style: str, found: list[str]) -> None:
    page = browser_page(360)
    page.set_content(PAGE)
    page.add_style_tag(content=style)
    assert faults(page) == found
