"""Keeping pictures, and who is shown them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.refusals import Refused
from households.roles import Role
from rewards.models.pictures import Picture
from rewards.pictures.actions import seal_older_pictures
from rewards.pictures.pictures import keep, keep_signature
from tests.rewards.pictures import photographs
from tests.rewards.shop_world import SIGNATURE
from tests.world import OTHER_TOWNSHIP, VILLAGE, World

PARTS = {"width": 1, "height": 1, "content": b"x"}


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_张三丰家门口.jpg", data, "image/jpeg")


def address(picture: Picture) -> str:
    return reverse("picture", args=[picture.digest])


def test_same_picture_twice_is_one_row(world: World) -> None:
    first = keep(upload(photographs.photo()), by=world.user(Role.CADRE))
    again = keep(photographs.photo(), by=world.stranger(Role.CADRE))
    assert first == again and again.uploaded_by == world.user(Role.CADRE)
    assert Picture.objects.count() == 1


def test_private_copy_has_an_address_of_its_own(world: World) -> None:
    open_to_all, hidden = keep(photographs.photo(), by=None), keep(photographs.photo(), private_to=VILLAGE, by=None)
    assert open_to_all.digest != hidden.digest
    assert (open_to_all.private, hidden.private, hidden.place) == (False, True, VILLAGE)


def test_file_name_is_not_kept(world: World) -> None:
    picture = keep(upload(photographs.photo()), by=None)
    row = Picture.objects.filter(pk=picture.pk).values().get()
    assert "张三丰" not in repr(row | {"content": bytes(row["content"]).decode("latin1")})


def stored(picture: Picture) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM rewards_picture WHERE digest = %s", [picture.digest])
        return bytes(cursor.fetchone()[0])


def test_signature_lies_sealed_and_is_shown_as_it_was_drawn(world: World) -> None:
    signature = keep_signature(SIGNATURE, private_to=VILLAGE, by=None)
    answer = world.client(Role.CADRE).get(address(signature))
    assert answer.content[:4] == b"\x89PNG" and answer["Content-Type"] == "image/png"
    assert stored(signature)[0] < 32 and answer.content not in stored(signature)


def test_older_pictures_are_shown_and_sealed_a_few_at_a_time(world: World) -> None:
    olds = [keep(photographs.photo(), private_to=place, by=None) for place in ("", VILLAGE)]
    seen = [Picture.objects.get(pk=old.pk).content for old in olds]
    with connection.cursor() as cursor:
        for old, content in zip(olds, seen, strict=True):
            cursor.execute("UPDATE rewards_picture SET content = %s WHERE digest = %s", [content, old.pk])
    assert [stored(old) for old in olds] == seen == [Picture.objects.get(pk=old.pk).content for old in olds]
    assert (seal_older_pictures(), seal_older_pictures()) == (2, 0)
    assert all(stored(old)[0] < 32 for old in olds)
    assert [Picture.objects.get(pk=old.pk).content for old in olds] == seen


def test_refused_upload_leaves_nothing(world: World) -> None:
    with pytest.raises(Refused):
        keep(upload(b"<svg/>"), by=None)
    assert not Picture.objects.exists()


def test_upload_over_the_limit_is_refused_unread(world: World) -> None:
    class Endless:
        size = 11 * 1024 * 1024

        def read(self) -> bytes:
            raise AssertionError("read")

    with pytest.raises(Refused, match=r"11\.0 MB"):
        keep(Endless(), by=None)


def test_public_picture_is_for_everybody_and_for_ever(world: World) -> None:
    answer = Client().get(address(keep(photographs.photo(), by=None)))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_public_picture_does_not_depend_on_who_asks(world: World) -> None:
    picture = keep(photographs.photo(), by=None)
    for client in (Client(), world.client(Role.CADRE)):
        answer = client.get(address(picture))
        assert "Set-Cookie" not in answer and not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_public_picture_costs_one_query(world: World, django_assert_num_queries: object) -> None:
    picture = keep(photographs.photo(), by=None)
    client = world.client(Role.CADRE)
    with django_assert_num_queries(1):
        client.get(address(picture))


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_signature_is_shown_to_the_shops_own_people(world: World, role: str) -> None:
    kept = keep_signature(photographs.signature(), private_to=VILLAGE, by=None)
    answer = world.client(role).get(address(kept))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def assert_hidden(answer: HttpResponse) -> None:
    """Not a byte of a picture, as for one that does not exist."""
    assert answer.status_code == 404
    assert "image/" not in answer["Content-Type"] and "PNG" not in answer.content.decode("latin-1")


@pytest.mark.parametrize(
    "role", [Role.GROUP_LEADER, Role.DEPARTMENT, Role.PETITION_OFFICE, Role.SYSTEM_ADMIN, Role.AUDITOR]
)
def test_signature_is_not_found_by_other_roles(world: World, role: str) -> None:
    kept = keep_signature(photographs.signature(), private_to=VILLAGE, by=None)
    assert_hidden(world.client(role).get(address(kept)))


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP])
def test_signature_is_not_found_elsewhere(world: World, role: str) -> None:
    kept = keep_signature(photographs.signature(), private_to=VILLAGE, by=None)
    assert_hidden(world.client(world.stranger(role)).get(address(kept)))
    assert world.stranger(Role.TOWNSHIP).division_id == OTHER_TOWNSHIP


def test_signature_is_not_found_without_signing_in(world: World) -> None:
    kept = keep_signature(photographs.signature(), private_to=VILLAGE, by=None)
    assert_hidden(Client().get(address(kept)))


def test_signature_waits_for_the_first_own_password(world: World) -> None:
    cadre = world.user(Role.CADRE)
    type(cadre).objects.filter(pk=cadre.pk).update(must_change_password=True, is_demo=False)
    cadre.refresh_from_db()
    kept = keep_signature(photographs.signature(), private_to=VILLAGE, by=None)
    assert_hidden(world.client(cadre).get(address(kept)))


def test_unknown_digest_is_not_found(db: None) -> None:
    keep(photographs.photo(), by=None)
    assert_hidden(Client().get(reverse("picture", args=["0" * 64])))


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "short"},
        {"digest": "G" * 64},
        {"digest": "a" * 64, "width": 0},
        {"digest": "a" * 64, "height": 0},
        {"digest": "a" * 64, "place": "12"},
    ],
)
def test_database_refuses_a_picture_that_cannot_be(db: None, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.create(**(PARTS | wrong))
