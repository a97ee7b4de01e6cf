"""Keys are made once, kept to the owner, and never replaced."""

import json

import pytest

from dongkou.keys import KeyTrouble, decode_field_key, read_or_make


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "secrets.json"


def test_keys_are_made_once_and_kept(file):
    first = read_or_make(file)
    assert read_or_make(file) == first
    assert len(decode_field_key(first["field_key"])) == 32
    assert len(first["secret_key"]) >= 50


def test_the_file_is_for_its_owner_only_and_nothing_else_stays(file):
    read_or_make(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secrets.json"]


def test_two_installations_have_different_keys(tmp_path):
    assert read_or_make(tmp_path / "a.json") != read_or_make(tmp_path / "b.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"secret_key": "x", "field_key": "y"}', '{"secret_key": 1}'])
def test_a_damaged_file_is_refused_and_left_as_it_is(file, text):
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(KeyTrouble, match="不要删除它"):
        read_or_make(file)
    assert file.read_text() == text


def test_a_short_field_key_is_refused(file):
    keys = read_or_make(file) | {"field_key": "c2hvcnQ="}
    file.write_text(json.dumps(keys))
    with pytest.raises(KeyTrouble, match=r"secrets\.json"):
        read_or_make(file)


def test_a_file_that_appears_meanwhile_wins(file, monkeypatch):
    first = read_or_make(file)
    monkeypatch.setattr(type(file), "exists", lambda _path: False)
    assert read_or_make(file) == first
