"""A film of codes: read in any order, some twice, among others, it is the file again; and each code that is no part of it is told apart."""

import subprocess
from base64 import b64encode

import pytest

from dongkou.layout import BASE_DIR
from script.run_checks import NODE

SCRIPT = BASE_DIR / "static/js/film.js"
PLANTED = {
    "takes what belongs to another film": ('if (mark !== this.mark || Number(of) !== this.of) return "other";', ""),
    "takes what goes the other way": ('if (kind !== this.kind) return "turned";', ""),
    "calls itself whole too early": ("return this.of > 0 && !this.missing.length;", "return this.missing.length < 2;"),
    "believes what was read wrongly": ("return (await markOf(text)) === this.mark ? text : null;", "return text;"),
}


def played(script: str = "") -> subprocess.CompletedProcess[str]:
    """The stage with the script, or with another text in its place."""
    stage = (BASE_DIR / "tests/offline/film.mjs").read_text()
    if script:
        stage = stage.replace("../../static/js/film.js", f"data:text/javascript;base64,{_base64(script)}")
    stage = stage.replace("../../static/js/film.js", SCRIPT.as_uri())
    command = [NODE, "--no-warnings", "--input-type=module", "-"]
    return subprocess.run(command, input=stage, capture_output=True, text=True, timeout=300, check=False)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_film_read_carelessly_is_the_file_again() -> None:
    done = played()
    assert done.stdout == "whole\n", done.stderr


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_fault_is_noticed(fault: str) -> None:
    sound, planted = PLANTED[fault]
    text = SCRIPT.read_text()
    assert sound in text
    assert "AssertionError" in played(text.replace(sound, planted)).stderr
