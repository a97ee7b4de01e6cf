"""The receipt of a filing: a page for a few minutes, in the browser that filed. Nothing brings it back later.

A slow network loses answers, so the same form sent again leads there as long as the receipt lives. Once it has run out
or somebody signed out, the same form leads to a page that says so, and shows nothing.
"""

from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from households.files import qr
from households.operations import actor_of, answered
from households.sessions import ShortSession
from petitions.filing.actions.filing import Filed
from petitions.filing.codes import new_code
from petitions.models import Petition

RECEIPT = ShortSession("receipt", cookie="dongkou_receipt", life=timedelta(minutes=5))
_signer = Signer(salt="petitions.receipt")


def is_over(op_id: str) -> bool:
    """Whether a filer sent this form before, and its receipt has run out or was put away."""
    try:
        form = UUID(op_id)
    except ValueError:
        return False
    known = answered([form]).get(form)
    filed = known is not None and known.actor == actor_of(None) and "petition" in known.answer
    return filed and not RECEIPT.lives(_key(form))


def open_receipt(request: HttpRequest, response: HttpResponse, petition: Petition, op_id: UUID) -> None:
    """Let this browser see the receipt for some minutes."""
    RECEIPT.open(request, response, petition.pk, key=_key(op_id))


def receipt_in_session(request: HttpRequest) -> Filed | None:
    """What the browser has just filed; None once that is some minutes ago. At most two queries."""
    known = RECEIPT.about(request)
    petition = Petition.objects.filter(pk=known).first() if known else None
    if petition is None:
        return None
    try:
        form = UUID(_signer.unsign(request.COOKIES[RECEIPT.name]))
    except (BadSignature, ValueError):
        return None
    return Filed(petition, new_code(form))


def picture_of(door: str, filed: Filed) -> str:
    """A QR code, as an image's address, of the way to the petition: the door's form, filled in by its script.

    Number and code stand behind the #, which browsers send to nobody: no log of an address holds them.
    """
    return qr.data_uri(f"{door}#{filed.petition.number}.{filed.code}")


def _key(op_id: UUID) -> str:
    """Signed, so that who learned a form's id cannot make it."""
    return _signer.sign(op_id.hex)
