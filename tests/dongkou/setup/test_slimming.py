"""What is served is light: without comments, one script a page, and Tabler's styles without what nothing of ours can match."""

import re
import subprocess
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from dongkou.layout import BASE_DIR
from dongkou.statics import NotBuilt, said_by, slim, written
from script.run_checks import CHECKS

TABLER = "vendor/tabler/css/tabler.min.css"
PUBLISHED = BASE_DIR / "node_modules/@tabler/core/dist/css/tabler.min.css"
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
# Where a class is named: attributes of templates, elements that our scripts make, attributes of widgets.
NAMED = (
    re.compile(r"""class=["']([^"']*)"""),
    re.compile(r"""\bh\(["'`][a-z0-9]+\.([\w.-]+)"""),
    re.compile(r"""(?:className =|classList\.\w+\(|"class":) *["'`]([^"'`]*)"""),
)


def shipped(name: str) -> str:
    with staticfiles_storage.open(name) as file:
        return bytes(file.read()).decode()


def collected(folder: Path, **texts: str) -> Path:
    """A folder as collectstatic leaves it."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_min_", ".min.").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def styles(folder: Path, text: str) -> str:
    """What is left of these rules of the framework."""
    slim(collected(folder, vendor__tabler__css__tabler_min_css=text))
    return (folder / TABLER).read_text()


def test_every_class_of_tabler_that_we_name_survives() -> None:
    defined = set(CLASS.findall(PUBLISHED.read_text()))
    texts = [path.read_text() for path in written()]
    named = {
        word for text in texts for each in NAMED for found in each.findall(text) for word in re.split(r"[\s.]+", found)
    }
    assert {"btn", "form-control", "btn-outline-danger"} <= named & defined
    assert sorted(named & defined - set(CLASS.findall(shipped("css/frame.css")))) == []


# What becomes of each is said by the number of its side: making styles light takes the time of reading the whole program.
TRIED = (
    ".btn{top:1px}.nobody-names-this{top:2px}.btn .nobody-names-this{top:3px}.btn:hover{top:4px}"
    "optgroup{left:1px}::file-selector-button{left:2px}textarea[cols]{left:3px}marquee{left:4px}a[no-such-attribute]{left:5px}"
    ".tag-reserved{right:1px}.gat-reserved{right:2px}"
    ":root{--tblr-far:1px;--tblr-lost:2px}"
)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is left of TRIED beside a style of ours that uses a variable."""
    folder = collected(tmp_path_factory.mktemp("styles"), css__own_dot_css=".sheet{margin:var(--tblr-far)}")
    return styles(folder, TRIED)


def test_rule_that_nothing_of_ours_can_match_goes(left: str) -> None:
    assert re.findall(r"top:(\d)", left) == ["1", "4"]


def test_elements_that_django_makes_keep_their_rules(left: str) -> None:
    assert re.findall(r"left:(\d)", left) == ["1", "2", "3"]


def test_class_that_is_put_together_keeps_its_rules(left: str) -> None:
    """`tag tag-{{ redemption.state }}` of a template; a name that nobody begins so goes."""
    assert re.findall(r"right:(\d)", left) == ["1"]


def test_variable_that_only_our_styles_use_is_kept(left: str) -> None:
    assert "--tblr-far:1px" in left.replace(" ", "")
    assert "--tblr-lost" not in left


def test_program_says_its_texts_and_not_its_comments(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""carousel"""\nkind = f"btn-{1}-lt"  # accordion\n')
    (tmp_path / "a.html").write_text("{% comment %}carousel{% endcomment %}{# accordion #}<b>")
    assert said_by(tmp_path / "a.py").splitlines()[0] == "btn-{}-lt"
    assert not re.search("carousel|accordion", said_by(tmp_path / "a.py") + said_by(tmp_path / "a.html"))


def test_frame_is_one_file() -> None:
    """In the order of its source, and with the names of who wrote the framework."""
    frame = shipped("css/frame.css")
    assert "@import" not in frame and "Licensed under MIT" in frame
    assert frame.index(".btn-check") < frame.index("--ink") < frame.index(".skip-link")


def test_script_of_a_page_is_one_file_and_a_plain_one_keeps_its_names() -> None:
    sheet = shipped("js/scoring/sheets/sheet.js")
    assert not re.search(r"\bimport\b(?!\()|//|/\*", re.sub(r'"[^"]*"|`[^`]*`', "", sheet))
    assert "没有读到台账" in sheet and "与后登记的一条重复" in sheet
    assert "function storePages(" in shipped("js/offline_worker.js")
    assert "//" not in shipped("js/offline_worker.js")


def test_module_that_no_page_names_still_imports_its_neighbours() -> None:
    assert staticfiles_storage.imports_of("js/scoring/sheets/conflict.js")[:1] == ("js/dom.js",)


def test_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"静态文件没有做好.*(?s:.*)broken\.js"):
        slim(collected(tmp_path, js__broken_dot_js="let let = ;"))


def test_shipped_scripts_can_be_read_by_the_browsers_of_the_field() -> None:
    scripts = list(Path(staticfiles_storage.location).glob("js/**/*.js"))
    parse = [BASE_DIR / "node_modules/.bin/acorn", "--ecma2020", "--silent", "--module"]
    done = subprocess.run([*parse, *scripts], text=True, capture_output=True, check=False)
    assert len(scripts) > 60 and (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "name", ["css/frame.css", "css/public.css", "css/scoring/sheets.css", "css/petitions/clocks.css"]
)
def test_shipped_styles_are_for_the_browsers_of_who_uses_them(name: str) -> None:
    """Written anew nothing became newer than what was written: see test_linters for the one rule of Tabler's."""
    *command, _files = CHECKS["stylelint"]
    given = ["--stdin-filename", f"static/{name}", "--formatter", "unix"]
    done = subprocess.run(
        [*command, *given], cwd=BASE_DIR, input=shipped(name), capture_output=True, text=True, check=False
    )
    newer = re.findall(
        r"\((plugin/no-unsupported-browser-features|[a-z-]+-disallowed-list)\)", done.stdout + done.stderr
    )
    assert len(newer) == (1 if name == "css/frame.css" else 0), done.stdout + done.stderr
