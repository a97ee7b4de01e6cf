"""Keys are made once, kept to the owner, never replaced, and renewed without losing what lies under older ones."""

import json

import pytest

from dongkou import keys
from dongkou.given_keys import field_keys
from dongkou.keys import VALKEY, FieldKeys, KeyTrouble, decode_field_key, field_keys_in, read_or_make
from households.sealing.suites import Suite


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "secrets.json"


def test_keys_are_made_once_and_kept(file):
    first = read_or_make(file)
    assert read_or_make(file) == first
    assert len(decode_field_key(first["field_key"])) == 32
    assert len(first["secret_key"]) >= 50
    assert first["code_key"] != first["secret_key"]


def test_the_file_is_for_its_owner_only_and_nothing_else_stays(file):
    read_or_make(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secrets.json"]


def test_two_installations_have_different_keys(tmp_path):
    assert read_or_make(tmp_path / "a.json") != read_or_make(tmp_path / "b.json")


def test_older_file_keeps_its_keys_and_codes_go_on_by_the_signing_key(file):
    made = read_or_make(file)
    older = {name: made[name] for name in ("secret_key", "field_key")}
    file.write_text(json.dumps(older))
    assert read_or_make(file) == {**older, "code_key": older["secret_key"]}
    keys.new_secret_key(file)
    assert read_or_make(file)["secret_key"] != older["secret_key"]
    assert read_or_make(file)["code_key"] == older["secret_key"]


def test_password_of_the_broker_comes_without_other_keys_and_leaves_those_that_are_there(file):
    assert set(read_or_make(file, VALKEY)) == {"valkey_password"}
    both = read_or_make(file)
    assert read_or_make(file, VALKEY)["valkey_password"] == both["valkey_password"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"secret_key": "x", "field_key": "y"}', '{"secret_key": 1}'])
def test_a_damaged_file_is_refused_and_left_as_it_is(file, text):
    file.parent.mkdir()
    file.write_text(text)
    for names in (keys.SITE, VALKEY):
        with pytest.raises(KeyTrouble, match="不要删除它"):
            read_or_make(file, names)
    assert file.read_text() == text


@pytest.mark.parametrize("wrong", [{"field_key": "c2hvcnQ="}, {"field_keys": {"2": "c2hvcnQ="}}, {"field_keys": [1]}])
def test_a_field_key_of_the_wrong_form_is_refused(file, wrong):
    file.parent.mkdir()
    file.write_text(json.dumps(read_or_make(file.with_name("other.json")) | wrong))
    with pytest.raises(KeyTrouble, match=r"secrets\.json"):
        read_or_make(file)


def test_a_file_that_appears_meanwhile_wins(file, monkeypatch):
    first, answers = read_or_make(file), [None]
    read = keys.kept_in
    monkeypatch.setattr(keys, "kept_in", lambda path: answers.pop() if answers else read(path))
    assert read_or_make(file) == first


def test_later_field_keys_have_numbers_and_the_newest_seals(file):
    first = field_keys_in(read_or_make(file))
    assert [keys.add_field_key(file), keys.add_field_key(file)] == [2, 3]
    found = field_keys_in(read_or_make(file))
    assert sorted(found) == [1, 2, 3]
    assert found[1] == first[1]
    assert FieldKeys(found).current == found[3]


def test_key_that_another_process_made_is_found_by_its_number(file):
    known = FieldKeys(field_keys_in(read_or_make(file)), file)
    keys.add_field_key(file)
    assert known.newest == 1
    assert known[2] == field_keys_in(read_or_make(file))[2]
    with pytest.raises(KeyError):
        known[3]


def test_print_of_a_key_tells_keys_apart_and_is_none():
    one, other = b"1" * 32, b"2" * 32
    assert keys.print_of(one) == keys.print_of(one) != keys.print_of(other)
    assert one.hex() not in keys.print_of(one)


def test_key_of_another_suite_says_so_in_file_and_environment(file):
    number = keys.add_field_key(file, Suite.SM4)
    found = field_keys_in(read_or_make(file))
    assert [found[each].suite for each in (1, number)] == [Suite.AES, Suite.SM4]
    kept = read_or_make(file)
    given = field_keys(f"{kept['field_key']},{number}:{kept['field_keys'][str(number)]}")
    assert (given, given[number].suite) == (found, Suite.SM4)
    assert keys.print_of(found[number]) != keys.print_of(bytes(found[number]))


@pytest.mark.parametrize("suite", ["sm5", "", "aes:sm4"])
def test_key_of_an_unknown_suite_is_refused(file, suite):
    with pytest.raises(ValueError, match="Suite"):
        decode_field_key(f"{suite}:{read_or_make(file)['field_key']}")
