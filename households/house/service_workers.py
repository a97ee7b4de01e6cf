"""Pages that open without a line: what their service worker stores, and the worker's script."""

import json
from dataclasses import dataclass

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse

WORKER = "js/offline_worker.js"


@dataclass(frozen=True)
class OfflinePages:
    """What one service worker stores.

    `cache` is a name and a version, "counter-1"; with a new version what the older ones hold is thrown away. `pages` is a
    regular expression of the addresses of its pages, the same in JavaScript; `by` are the names of what in their queries
    tells one page from another; `parts` are the beginnings of the addresses of what these are made of; `short` is an address that
    leads on to one of the pages.
    """

    cache: str
    pages: str
    parts: tuple[str, ...] = ("/static/",)
    by: tuple[str, ...] = ()
    short: str = ""

    def worker(self) -> HttpResponse:
        """The script. It must be served from above the pages that it looks after, where no hashed static file lies."""
        family = self.cache.rpartition("-")[0] + "-"
        said = {"cache": self.cache, "family": family, "pages": self.pages, "by": self.by, "parts": self.parts}
        said["short"] = self.short
        with staticfiles_storage.open(WORKER) as file:
            text = bytes(file.read()).decode() + f"\nstorePages({json.dumps(said)});\n"
        return HttpResponse(text, content_type="text/javascript; charset=utf-8")
