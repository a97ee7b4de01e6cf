"""Keeping pictures and finding out who may see them."""

import hashlib

from django.core.files.base import File

from households.files import cells, images, uploads
from households.models import User
from households.permissions import Permission, may
from rewards.models.pictures import Picture

PNG = b"\x89PNG"


def keep(upload: "File[bytes] | bytes", *, private_to: str = "", by: User | None) -> Picture:
    """The picture made of an uploaded photo; the same photo twice is one row.

    `private_to` is the code of the division whose staff alone may see it; empty means that everybody may. Refused (422,
    `fields` names "picture") when it is no JPEG, PNG or WebP photo, too large, cut off, animated, or more than a photo.
    Takes up to a third of a second: call it before locking anything.
    """
    return _stored(cells.photo(_bytes_of(upload)), private_to, by)


def keep_signature(upload: "File[bytes] | bytes", *, private_to: str, by: User | None) -> Picture:
    """The same for a signature drawn on a screen: small, greyscale, never public. Refused also when nothing was drawn."""
    return _stored(cells.signature(_bytes_of(upload)), private_to, by)


def may_see(user: object, picture: Picture) -> bool:
    """Public pictures: everybody. Others: the village's own staff and those above who look after shops.

    Departments and group leaders are not among them: a signature is personal.
    """
    if not picture.private:
        return True
    return isinstance(user, User) and may(user, Permission.SEE_SHOP, at=picture.place)


def content_type(content: bytes) -> str:
    """Of a kept picture: photos are JPEG, signatures PNG."""
    return "image/png" if content[:4] == PNG else "image/jpeg"


def _bytes_of(upload: "File[bytes] | bytes") -> bytes:
    return upload if isinstance(upload, bytes) else uploads.content(upload, images.MAX_BYTES, images.too_large)


def _stored(made: images.Made, place: str, by: User | None) -> Picture:
    # The place is part of what is digested: the address of a private picture cannot be worked out from a public copy.
    digest = hashlib.sha256(place.encode() + made.content).hexdigest()
    row = Picture(
        digest=digest, content=made.content, width=made.width, height=made.height, place=place, uploaded_by=by
    )
    Picture.objects.bulk_create([row], ignore_conflicts=True)
    return Picture.objects.defer("content").get(digest=digest)
