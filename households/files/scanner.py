"""The county's virus scanner, where there is one: a ClamAV daemon that is given each file before it is opened (DONGKOU_SCANNER)."""

import io

import structlog
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

from households.files import senders
from households.refusals import Refused

SECONDS = 20  # for one file
_AWAY = "现在查不了病毒，这个文件还没有收。"

log = structlog.get_logger("households.scanner")


def check(data: bytes) -> None:
    """Refuse a file in which the scanner finds something (422), or one that it could not look at (503).

    DONGKOU_SCANNER_AWAY=take takes what could not be looked at.
    """
    place = settings.SCANNER
    if place is None:
        return
    try:
        answers = list(_client(place).instream(io.BytesIO(data)).values())
    except (ClamdError, OSError) as trouble:
        answers = [("ERROR", type(trouble).__name__)]
    for status, name in answers:
        if status == "FOUND":
            log.warning("virus_found", virus=name, size=len(data))
            senders.current().infected.append(str(name))
            hint = "请先给手机或电脑杀毒，再换一个文件。"
            raise Refused("file_infected", "这个文件里查出了病毒，没有收。", hint=hint)
    if not any(status == "OK" for status, _ in answers):
        log.warning("scanner_away", reason=str(answers))
        if settings.SCANNER_AWAY == "refuse":
            raise Refused("scanner_away", _AWAY, hint="请稍后再试，写好的内容不会丢。", status=503)


def _client(place: str | tuple[str, int]) -> ClamdNetworkSocket:
    if isinstance(place, str):
        return ClamdUnixSocket(place, timeout=SECONDS)
    host, port = place
    return ClamdNetworkSocket(host, port, timeout=SECONDS)
