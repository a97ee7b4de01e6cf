"""The way in to a petition by number and code. Wrong pairs are counted by address; the code is too long to be guessed."""

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from households import attempts
from households.refusals import Refused
from petitions.filing.codes import code_of, digest_of, number_of
from petitions.models import Petition

ATTEMPTS = "petition"  # the counter of wrong codes, by network address


def follow(*, number: str, code: str, request: HttpRequest) -> Petition:
    """The petition with this number and code. Every wrong pair gets the same refusal, and is counted by address."""
    petition = opened_by(number, code)
    if petition is None:
        if attempts.note_failure(ATTEMPTS, request):
            raise attempts.too_many("编号或查询码不对。")
        raise Refused(
            "code_wrong",
            "编号或查询码不对。",
            hint="请照回执上的编号和查询码再输一次。",
            status=404,
        )
    return petition


def opened_by(number: str, code: str) -> Petition | None:
    """The petition that this number and code open, however they are typed; None for every wrong pair.

    Counts nothing: see `follow`.
    """
    known = number_of(number)
    found = Petition.objects.filter(number=known).select_related("place").first() if known else None
    wanted = found.follow_digest if found else "0" * 64
    return found if constant_time_compare(digest_of(known, code_of(code)), wanted) and found else None
