"""A migration that was released is never edited: whoever has run it keeps what it did then.

`released_migrations.txt` is what `sha256sum` prints. A release adds the lines of its new migrations.
"""

from hashlib import sha256
from pathlib import Path

from dongkou.layout import BASE_DIR

LIST = Path(__file__).with_name("released_migrations.txt")
ROOMS = ("dongkou", "households", "petitions", "rewards", "scoring")


def released(text: str) -> dict[str, str]:
    """Digests by path."""
    return {path: digest for digest, path in (line.split() for line in text.splitlines())}


def edited(root: Path, listed: dict[str, str]) -> list[str]:
    """Those that are gone or no longer what was released."""
    files = {path: root / path for path in listed}
    return [
        path
        for path, file in files.items()
        if not file.is_file() or sha256(file.read_bytes()).hexdigest() != listed[path]
    ]


def test_released_migration_is_never_edited() -> None:
    listed = released(LIST.read_text(encoding="ascii"))
    assert len(listed) > 25
    assert edited(BASE_DIR, listed) == [], "write a new migration instead"


def test_edited_or_removed_migration_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_bytes(b"as it was")
    listed = {name: sha256(b"as it was").hexdigest() for name in ("one.py", "two.py")}
    assert edited(tmp_path, listed) == ["two.py"]
    (tmp_path / "one.py").write_bytes(b"edited")
    assert edited(tmp_path, listed) == ["one.py", "two.py"]


def test_listed_migrations_stand_where_they_are_found() -> None:
    paths = released(LIST.read_text(encoding="ascii"))
    assert {Path(path).parts[0] for path in paths} <= set(ROOMS)
    assert {Path(path).parts[1] for path in paths} == {"migrations"}
