"""The shared scripts know none of their users, and what a page is made of is read from its scripts."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from dongkou.layout import BASE_DIR
from dongkou.statics import HashedStatics
from households.house.service_workers import OfflinePages

ROOMS = ("households", "scoring", "rewards", "petitions")
SCRIPTS = BASE_DIR / "static/js"
SHARED = sorted(SCRIPTS.glob("*.js"))
ENTRIES = (
    "js/page.js",
    "js/rewards/shop/counter.js",
    "js/petitions/receptions/record.js",
    "js/scoring/sheets/sheet.js",
)


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_shared_script_knows_none_of_its_users(path: Path) -> None:
    assert re.findall(r'from "(?!\./[a-z_]+\.js"|qr["/])[^"]*"', path.read_text()) == []  # qr is a library
    said = re.findall(r"(?i)\b(counter|reception|village|household(?!s[/.])|dongkou-(?!kept)\w+)", path.read_text())
    assert said == []


def planted(folder: Path, **scripts: str) -> HashedStatics:
    for name, text in scripts.items():
        path = folder / f"js/{name.replace('__', '/')}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return HashedStatics(location=folder)


def test_new_import_is_listed_without_anybody_listing_it(tmp_path: Path) -> None:
    page = 'import { h } from "../../dom.js";\n'
    statics = planted(
        tmp_path, room__subject__page=page, room__subject__new='import "./newer.js";', dom="", room__subject__newer=""
    )
    assert statics.imports_of("js/room/subject/page.js") == ("js/dom.js",)
    planted(tmp_path, room__subject__page=page + 'import {\n  a,\n  b,\n} from "./new.js";\n')
    assert statics.imports_of("js/room/subject/page.js") == (
        "js/dom.js",
        "js/room/subject/new.js",
        "js/room/subject/newer.js",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('export { a } from "./b.js";', ("js/b.js",)),
        ("import * as b from './b.js'", ("js/b.js",)),
        ('import{a as c}from"./c.js";import"./b.js";c();', ("js/c.js", "js/b.js")),
        ('// import { a } from "./b.js"', ()),
        ('export const a = "./b.js";', ()),
        ('import { a } from "./page.js";', ()),
    ],
)
def test_import_is_told_from_what_looks_like_one(tmp_path: Path, text: str, found: tuple[str, ...]) -> None:
    assert planted(tmp_path, page=text, b="", c="").imports_of("js/page.js") == found


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_page_names_scripts_that_are_served(entry: str) -> None:
    """As they are served: what a script imports is in it, but for what it is told to ask for."""
    imported = staticfiles_storage.imports_of(entry)
    read = []
    for name in (entry, *imported):
        with staticfiles_storage.open(name) as file:
            read.append(bytes(file.read()).decode())
    named = {path.rsplit("/", 1)[-1] for text in read for path in re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text)}
    assert {name.rsplit("/", 1)[-1] for name in imported} == named
    assert all(staticfiles_storage.url(name) for name in imported)


def test_no_name_of_a_cache_is_written_twice() -> None:
    """The page learns it from its element, the worker from the line that the server appends."""
    views = [path for room in ROOMS for path in (BASE_DIR / room).rglob("*view*.py")]
    texts = [path.read_text() for path in (*views, *SCRIPTS.rglob("*.js"))]
    names = [name for text in texts for name in re.findall(r'"([a-z]+-\d|dongkou-kept)"', text)]
    assert sorted(names) == sorted(set(names)) and {"counter-1", "reception-1", "dongkou-kept"} <= set(names)


def test_worker_is_told_which_pages_it_stores() -> None:
    script = OfflinePages(cache="things-12", pages=r"^/things/\d+/$").worker().content.decode()
    assert script.rstrip().endswith(
        r'"cache": "things-12", "family": "things-", "pages": "^/things/\\d+/$", "by": [], "parts": ["/static/"], "short": ""});'
    )
