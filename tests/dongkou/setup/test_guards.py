"""A start with another program, another server or other keys than the data's is refused with one sentence."""

import os
from typing import Any

import pytest
from django.conf import settings as present
from django.core.management import CommandError, call_command
from django.db import connection

from dongkou import guards, servers
from dongkou.guards import Mismatch, note_keys, refuse_unfit
from dongkou.keys import FieldKeys
from dongkou.models import KeyPrint
from households.models import Household
from households.register.phones import encrypt
from tests.dongkou.setup.folders import BOTH
from tests.processes import manage
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted() -> None:
    note_keys()


def sentence() -> str:
    """Why it is refused; one line."""
    with pytest.raises(Mismatch) as refusal:
        refuse_unfit()
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_same_program_and_keys_are_fit(noted: None) -> None:
    refuse_unfit()
    note_keys()
    assert sorted(KeyPrint.objects.values_list("kind", "number")) == [("code", 1), ("field", 1)]


def test_other_field_key_is_refused(noted: None, settings: Any) -> None:
    settings.FIELD_KEYS = FieldKeys({1: b"k" * 32})
    assert "加密用的密钥（编号 1）不是这份数据的" in sentence()
    settings.FIELD_KEYS = FieldKeys({2: b"k" * 32})
    assert "编号 1" in sentence()


def test_other_key_of_codes_is_refused_and_another_signing_key_is_not(noted: None, settings: Any) -> None:
    settings.SECRET_KEY = "another signing key, of good length indeed"
    refuse_unfit()
    settings.CODE_KEY = "another key of codes, of good length indeed"
    assert "口令和查询码的密钥" in sentence()


def test_key_that_is_retired_need_not_be_there(noted: None, settings: Any) -> None:
    KeyPrint.objects.filter(kind="field").update(retired_at="2026-11-29T00:00Z")
    settings.FIELD_KEYS = FieldKeys({2: b"k" * 32})
    refuse_unfit()


def test_older_data_are_not_noted_under_keys_that_do_not_open_them(world: World, settings: Any) -> None:
    Household.objects.filter(pk=world.household.pk).update(phone=encrypt("13800000001"))
    Household.objects.exclude(pk=world.household.pk).update(phone=None)
    own, settings.FIELD_KEYS = settings.FIELD_KEYS, FieldKeys({1: b"k" * 32})
    with pytest.raises(Mismatch, match="已有的电话解不开"):
        note_keys()
    with pytest.raises(CommandError, match="已有的电话解不开"):
        call_command("set_up", demo="none")
    assert not KeyPrint.objects.exists()
    settings.FIELD_KEYS = own
    note_keys()
    assert KeyPrint.objects.count() == 2


def test_older_program_refuses_a_newer_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('petitions', '0999_of_tomorrow', now())"
        )
    assert "petitions.0999_of_tomorrow" in sentence()


def test_migrations_of_libraries_are_their_own_business() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0999_of_tomorrow', now())")
    refuse_unfit()


def test_server_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "LEAST_VERSION", 990000)
    assert "需要 PostgreSQL 99 或更新的版本" in sentence()


def test_database_out_of_reach_is_one_sentence() -> None:
    address = {"DATABASE_URL": "postgresql://someone:a-password@127.0.0.1:1/d", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = manage("verify", env={**os.environ, **address})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("连不上数据库（")
    assert done.stderr.count("\n") == 1
    assert "a-password" not in done.stderr


def test_command_with_other_keys_than_the_datas_ends_with_one_sentence(ready_layout: Any) -> None:
    """As after restoring a dump without its keys: new ones were made."""
    ready_layout.secrets.unlink()
    with servers.using(ready_layout, BOTH):
        for command in ("verify", "set_up"):
            done = manage(command, env={**os.environ, "DONGKOU_DATA": str(ready_layout.data)})
            assert done.returncode == 1
            assert done.stderr.count("\n") == 1
            assert f"放回 {ready_layout.secrets} 再启动" in done.stderr


def test_version_that_is_needed_is_in_the_operators_page() -> None:
    text = (present.BASE_DIR / "docs/operations.md").read_text(encoding="utf-8")
    assert f"PostgreSQL {guards.LEAST_VERSION // 10000} or newer" in text
