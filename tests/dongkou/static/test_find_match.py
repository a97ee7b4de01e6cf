"""What is found in a long list by what somebody types, tried in node without a page."""

import json
import subprocess
from pathlib import Path

import pytest

from script.run_checks import NODE

MODULE = Path(__file__).parents[3] / "static/js/find_match.js"
PLACES = [
    {"label": "洞口县", "initials": "dkx", "value": "430525"},
    {"label": "石江镇（乡镇）", "group": "石江镇", "initials": "sjzxz", "value": "430525103"},
    {"label": "云峰村", "group": "石江镇", "initials": "yfc", "value": "430525103001"},
    {"label": "云峰村", "group": "高沙镇", "initials": "yfc", "value": "430525104009"},
    {"label": "峰云村", "group": "高沙镇", "initials": "fyc", "value": "430525104010"},
    {"label": "县林业局", "initials": "xlyj lyj", "value": "department:LYJ"},
]
SCRIPT = """
const { entry, matching, shown } = await import(process.argv[1]);
const { places, typed } = JSON.parse(process.argv[2]);
process.stdout.write(JSON.stringify(matching(places.map(entry), typed).map(shown)));
"""


def found(typed: str) -> list[str]:
    given = json.dumps({"places": PLACES, "typed": typed})
    command = [NODE, "--input-type=module", "-e", SCRIPT, MODULE.as_uri(), given]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("云峰", ["石江镇 云峰村", "高沙镇 云峰村"]),
        ("yf", ["石江镇 云峰村", "高沙镇 云峰村"]),
        ("YFC", ["石江镇 云峰村", "高沙镇 云峰村"]),
        ("ｙｆ", ["石江镇 云峰村", "高沙镇 云峰村"]),
        ("高沙 云峰", ["高沙镇 云峰村"]),
        ("高沙镇云峰村", ["高沙镇 云峰村"]),
        ("峰", ["高沙镇 峰云村", "石江镇 云峰村", "高沙镇 云峰村"]),
        ("石江", ["石江镇（乡镇）", "石江镇 云峰村"]),
        ("lyj", ["县林业局"]),
        ("林业", ["县林业局"]),
        ("430525104", ["高沙镇 云峰村", "高沙镇 峰云村"]),
        ("没有", []),
    ],
)
def test_list_is_found_by_name_letters_or_code(typed: str, names: list[str]) -> None:
    assert found(typed) == names


def test_nothing_typed_shows_everything_in_its_order() -> None:
    assert len(found("  ")) == len(PLACES)
