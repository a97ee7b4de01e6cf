"""Service workers: scripts that keep a page for the time without a line."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse

SHARED = "js/kept_worker.js"


def worker_script(name: str) -> HttpResponse:
    """The worker in the static file `name`, with what all workers share before it, as one script.

    It must be served from above the pages it looks after, where no hashed static file lies.
    """
    text = b"\n".join(_read(each) for each in (SHARED, name))
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _read(name: str) -> bytes:
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())
