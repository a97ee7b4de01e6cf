"""Text that lies encrypted: plain in Python, closed in the database."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from dongkou.keys import FieldKeys
from households.roles import Role
from petitions.filing.actions import sealing
from petitions.filing.actions.papers import attach
from petitions.filing.uploads import Paper
from petitions.follow.archive import archive
from petitions.models import Attachment, FileKind, Petition, PetitionEvent
from petitions.steps.handling import unmask
from tests.audit_failure import audit_down
from tests.petitions.desk import Desk

pytestmark = pytest.mark.django_db


def columns(petition: Petition) -> tuple[bytes, bytes, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, filer_name, filer_phone FROM petitions_petition WHERE id = %s", [petition.pk])
        return tuple(bytes(value) for value in cursor.fetchone())


def test_text_name_and_phone_read_as_they_were_filed(desk: Desk) -> None:
    found = Petition.objects.get(pk=desk.file().pk)
    assert (found.text, found.filer_name, found.filer_phone) == ("门前的路断了三个月。", "张三丰", "13800000001")


def test_columns_hold_nothing_readable(desk: Desk) -> None:
    for stored, plain in zip(columns(desk.file()), ("路断", "张三丰", "13800000001"), strict=True):
        assert stored[:1] == b"\x01"
        assert plain.encode() not in stored


def test_same_text_twice_is_stored_differently(desk: Desk) -> None:
    assert columns(desk.file())[0] != columns(desk.file())[0]


def test_what_is_told_and_noted_is_closed_as_well(desk: Desk) -> None:
    petition = desk.answered()
    with connection.cursor() as cursor:
        cursor.execute("SELECT told, note FROM petitions_petitionevent WHERE petition_id = %s", [petition.pk])
        stored = [bytes(value) for row in cursor.fetchall() for value in row if value is not None]
    assert stored
    assert all("修好".encode() not in value for value in stored)


@pytest.mark.parametrize("lookup", ["text", "text__contains", "filer_phone__in"])
def test_nobody_searches_the_ciphertext(db: None, lookup: str) -> None:
    with pytest.raises(FieldError, match="cannot be searched"):
        Petition.objects.filter(**{lookup: "路"}).exists()


def test_empty_text_is_null_and_comes_back_empty(desk: Desk) -> None:
    petition = desk.file()
    event = PetitionEvent.objects.filter(petition=petition, note__isnull=True).first()
    assert event is not None
    assert event.note == ""


# Sealed under another key, as after restoring a dump without its key


@pytest.fixture
def under_another_key(settings: Any) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def other() -> Iterator[None]:
        own, settings.FIELD_KEYS = settings.FIELD_KEYS, FieldKeys({1: b"k" * 32})
        yield
        settings.FIELD_KEYS = own

    return other


@pytest.fixture
def broken(desk: Desk, under_another_key: Callable[[], AbstractContextManager[None]]) -> Petition:
    with under_another_key():
        filed = desk.file(title="西山的桥")
    return Petition.objects.get(pk=filed.pk)


def test_text_of_another_key_says_so_and_is_kept_as_it_is(broken: Petition) -> None:
    stored = columns(broken)
    assert (broken.text, broken.filer_name, broken.is_nameless) == ("〔读不出〕", "〔读不出〕", False)
    broken.save(update_fields=["text"])
    deepcopy(broken).save(update_fields=["filer_name"])
    assert columns(broken) == stored


def test_petition_of_another_key_takes_no_list_and_no_page_down(desk: Desk, broken: Petition) -> None:
    sound = desk.file(title="东山的路")
    office = desk.world.client(Role.PETITION_OFFICE)
    listed = office.get("/petitions/").content.decode()
    assert sound.number in listed and broken.number in listed
    page = office.get(f"/petitions/{broken.number}/").content.decode()
    assert broken.number in page and "〔读不出〕" in page and "西山的桥" not in page
    assert unmask(op_id=uuid4(), petition=broken, by=desk.office, note="回访") == ("〔读不出〕", "〔读不出〕")


def test_petition_of_another_key_goes_its_way(desk: Desk, broken: Petition) -> None:
    stored = columns(broken)
    desk.assign(desk.accept(broken))
    assert columns(broken) == stored


def test_verify_names_how_many_do_not_open(desk: Desk, broken: Petition) -> None:
    desk.file()
    call_command("index_petitions", stdout=StringIO())
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_petitions", stdout=told)
    assert f"信访件有 1 条读不出（第一条是第 {broken.pk} 条），请核对密钥" in told.getvalue()
    assert "检索用的词与内容不一致，" not in told.getvalue()


def test_file_of_another_key_is_refused_alone(
    desk: Desk, under_another_key: Callable[[], AbstractContextManager[None]]
) -> None:
    petition = desk.file()
    with under_another_key():
        attach(petition=petition, papers=[Paper(FileKind.PDF, b"first")], by=None)
    attach(petition=petition, papers=[Paper(FileKind.PDF, b"second")], by=None)
    lost = Attachment.objects.order_by("pk")[0]
    answer = desk.world.client(Role.PETITION_OFFICE).get(f"/petitions/{petition.number}/papers/{lost.pk}/")
    assert (answer.status_code, "这个文件读不出" in answer.content.decode()) == (409, True)
    parts = zipfile.ZipFile(BytesIO(archive(petition)))
    assert parts.read("附件/02.pdf") == b"second"
    assert "这个文件读不出" in parts.read("附件/01.txt").decode()


def raw(petition: Petition, *names: str) -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM petitions_petition WHERE id = %s", [petition.pk])
        return [None if value is None else bytes(value) for value in cursor.fetchone()]


def test_title_and_enterprise_lie_sealed(desk: Desk) -> None:
    filed = desk.file(title="厂区停电", enterprise="洞口县木材厂")
    found = Petition.objects.get(pk=filed.pk)
    assert (found.title, found.enterprise) == ("厂区停电", "洞口县木材厂")
    for stored, plain in zip(raw(found, "title", "enterprise"), ("停电", "木材"), strict=True):
        assert stored[0] < 32 and plain.encode() not in stored


def test_title_of_an_accusation_is_nowhere_in_the_database(desk: Desk) -> None:
    petition = desk.accusation("division:430726201201", title="收钱办采伐证")
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", ["%收钱办采伐证%"])
            assert cursor.fetchone() == (0,), table
    assert Petition.objects.get(pk=petition.pk).title == "收钱办采伐证"


def in_clear(petition: Petition, title: str, enterprise: str | None) -> None:
    """As it was kept before."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE petitions_petition SET title = convert_to(%s, 'UTF8'), enterprise = convert_to(%s, 'UTF8') WHERE id = %s",
            [title, enterprise, petition.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_older_titles_are_read_and_sealed_a_few_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an upgrade does it: whatever lot it was interrupted after, it goes on; a second time there is nothing to do."""
    monkeypatch.setattr(sealing, "AT_ONCE", 2)
    olds = [desk.file(), desk.file(enterprise="木材厂"), desk.file()]
    for number, old in enumerate(olds):
        in_clear(old, f"旧标题{number}", old.enterprise or None)
    assert [Petition.objects.get(pk=old.pk).title for old in olds] == ["旧标题0", "旧标题1", "旧标题2"]
    assert sealing.seal_older_titles() == len(olds)
    first = [raw(old, "title") for old in olds]
    assert all(stored[0] < 32 for [stored] in first)
    assert [Petition.objects.get(pk=old.pk).title for old in olds] == ["旧标题0", "旧标题1", "旧标题2"]
    assert Petition.objects.get(pk=olds[1].pk).enterprise == "木材厂"
    assert sealing.seal_older_titles() == 0
    assert [raw(old, "title") for old in olds] == first


def test_titles_stay_in_clear_when_the_log_is_down(desk: Desk) -> None:
    old = desk.file()
    in_clear(old, "旧标题", None)
    with audit_down():
        sealing.seal_older_titles()
    assert raw(old, "title") == ["旧标题".encode()]


@pytest.mark.parametrize("change", [{"title": "改写过"}, {"enterprise": "别的厂"}, {"enterprise": ""}])
def test_sealed_title_and_enterprise_never_change(desk: Desk, change: dict[str, str]) -> None:
    petition = desk.file(enterprise="木材厂")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Petition.objects.filter(pk=petition.pk).update(**change)
    assert Petition.objects.get(pk=petition.pk).enterprise == "木材厂"
