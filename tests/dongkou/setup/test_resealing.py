"""Under a new key everything is sealed anew, in steps that may stop anywhere, and reads as before."""

import base64
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, models

from dongkou import resealing
from dongkou.acting import acting_as
from dongkou.guards import note_keys
from dongkou.keys import FieldKeys, field_keys_in, read_or_make
from dongkou.models import KeyPrint
from households.models import Household
from households.register.phones import decrypt, encrypt
from households.sealing.suites import FieldKey, Suite
from petitions.filing.codes import filer_key
from petitions.house.checks import examine
from petitions.models import Petition, PetitionEvent
from petitions.sealed import SealedTextField
from petitions.search.indexing import index_petitions
from tests.petitions.desk import Desk
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SEALED = {
    "households.AuditEvent.mac",
    "households.TrailLine.digest",
    "scoring.DailyRoot.peaks",
    "scoring.VillageRoot.peaks",
    "scoring.LedgerHead.hash",
    "scoring.PointEntry.hash",
    "scoring.PointEntry.salt",
    "scoring.Withholding.digest",
    "scoring.Withholding.after",
}


@pytest.fixture
def scene(world: World) -> Petition:
    """Something in several sealed columns of tables that nothing may change."""
    Household.objects.filter(pk=world.household.pk).update(phone=encrypt("13800000001"))
    petition: Petition = Desk(world).answered(name="张三丰", phone="13900000002")
    return petition


@pytest.fixture(params=Suite)
def second_key(settings: Any, request: pytest.FixtureRequest) -> int:
    key = FieldKey(b"a second key of thirty-two bytes", request.param)
    settings.FIELD_KEYS = FieldKeys({**settings.FIELD_KEYS, 2: key})
    return 2


def numbers() -> set[int]:
    """The keys under which anything lies."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for table in resealing.sealed_tables():
            for column in table.columns:
                cursor.execute(f"SELECT DISTINCT get_byte({column}, 0) FROM {table.name} WHERE {column} IS NOT NULL")
                found.update(number for (number,) in cursor.fetchall())
    return found


def asleep() -> int:
    """How many triggers sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'")
        return int(cursor.fetchone()[0])


def reading(petition: Petition) -> list[Any]:
    """What is read of it."""
    found = Petition.objects.get(pk=petition.pk)
    lines = PetitionEvent.objects.filter(petition=petition).order_by("seq").values_list("told", "note")
    return [found.text, found.filer_name, found.filer_phone, list(lines)]


def reseal() -> list[str]:
    with acting_as("owner"):
        return resealing.reseal(lambda _text: None)


def test_everything_is_sealed_anew_and_reads_as_before(scene: Petition, second_key: int) -> None:
    before = reading(scene)
    assert reseal() == []
    assert numbers() == {second_key}
    assert list(resealing.still_used()) == []
    assert reading(scene) == before
    assert decrypt(Household.objects.exclude(phone=None).first().phone).startswith("1")
    assert Petition.objects.get(pk=scene.pk).filer_key == filer_key("13900000002")
    assert asleep() == 0
    assert index_petitions() == 1  # its words hang on the key
    assert [check for check in examine() if check.wrong] == []


def test_what_was_stopped_goes_on(scene: Petition, second_key: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before, seal, left = reading(scene), resealing.seal, [1, 2, 3]

    def until_killed(content: bytes) -> bytes:
        left.pop()
        return seal(content)

    monkeypatch.setattr(resealing, "AT_ONCE", 1)
    with monkeypatch.context() as killed, pytest.raises(IndexError):
        killed.setattr(resealing, "seal", until_killed)
        reseal()
    assert numbers() == {1, second_key}
    assert (asleep(), list(resealing.still_used())) == (0, [1])
    assert reading(scene) == before
    assert reseal() == []
    assert numbers() == {second_key}


def test_row_that_no_key_opens_is_named_and_left(scene: Petition, second_key: int, settings: Any) -> None:
    both = settings.FIELD_KEYS
    settings.FIELD_KEYS = FieldKeys({9: b"k" * 32})
    Household.objects.filter(phone=None).update(phone=encrypt("13700000003"))
    settings.FIELD_KEYS = both
    unreadable = reseal()
    assert unreadable
    assert all(row.startswith("households_household ") for row in unreadable)
    assert numbers() == {second_key, 9}


def test_application_cannot_put_guards_to_sleep(scene: Petition, second_key: int) -> None:
    with pytest.raises(ProgrammingError, match="must be owner"):
        resealing.reseal(lambda _text: None)
    assert 1 in resealing.still_used()


@pytest.mark.parametrize("suite", Suite)
def test_command_makes_a_key_and_retires_the_old_one_when_nothing_lies_under_it(
    scene: Petition, settings: Any, tmp_path: Path, suite: Suite
) -> None:
    before = reading(scene)
    kept = {"secret_key": "s" * 40, "code_key": settings.CODE_KEY}
    kept["field_key"] = base64.urlsafe_b64encode(settings.FIELD_KEYS[1]).decode()
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(kept))
    settings.FIELD_KEYS = FieldKeys(field_keys_in(read_or_make(path)), path)
    note_keys()
    said = StringIO()
    call_command("reseal", new_key=suite, stdout=said)
    assert "新密钥的编号是 2" in said.getvalue()
    assert (numbers(), settings.FIELD_KEYS[2].suite) == ({2}, suite)
    assert reading(scene) == before
    call_command("reseal", retire=True, stdout=said)
    assert "已停用 [1]" in said.getvalue()
    assert KeyPrint.objects.get(kind="field", number=1).retired_at
    path.write_text(json.dumps({name: value for name, value in read_or_make(path).items() if name != "field_key"}))
    assert sorted(field_keys_in(read_or_make(path))) == [2]


def test_every_column_of_bytes_is_known_as_sealed_or_not() -> None:
    sealed = {(table.model, column) for table in resealing.sealed_tables() for column in table.columns}
    unknown = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and (model, field.column) not in sealed
    }
    assert unknown <= NOT_SEALED
    assert {column for _, column in sealed} >= {"phone", "sealed", "text", "filer_phone", "told", "note"}
    assert SealedTextField in {type(field) for field in Petition._meta.fields}
