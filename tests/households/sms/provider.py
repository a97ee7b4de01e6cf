"""A provider of SMS on the loopback interface: takes down what it is sent and answers as it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from households.sms.gateway import Gateway, gateway_from

NOTHING = dict.fromkeys(("url", "method", "headers", "body", "ok"), "")
Answer = Callable[[], int]  # the status; 0 closes without an answer


class Provider(ThreadingHTTPServer):
    """`got` are the bodies and paths of all requests, in the order in which they came."""

    daemon_threads = True

    def __init__(self, answer: Answer, said: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.said = answer, said
        self.got: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


def through(server: Provider) -> Gateway | None:
    """The gateway to it, as the environment would describe it."""
    return gateway_from("http", NOTHING | {"url": server.url}, 10)


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        self.server.got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer()

    def do_GET(self) -> None:
        self.server.got.append(self.path)
        self._answer()

    def _answer(self) -> None:
        if status := self.server.answer():
            self.send_response(status)
            self.send_header("Location", self.server.url)
            self.end_headers()
            self.wfile.write(self.server.said)

    def log_message(self, *words: object) -> None:
        """It keeps what it is told to itself."""


@contextmanager
def provider(answer: Answer | int = 200, said: bytes = b"{}") -> Iterator[Provider]:
    """One that answers this for as long as the block runs."""
    made = Provider((lambda: answer) if isinstance(answer, int) else answer, said)
    serving = threading.Thread(target=made.serve_forever, daemon=True)
    serving.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        serving.join(10)
