"""Text that lies encrypted: plain in Python, closed in the database."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from petitions.models import Petition, PetitionEvent
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
