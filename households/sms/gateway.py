"""The one way out for SMS: into a file, or to a provider over HTTP as the county describes it. Pure of the product: no database.

What is said of a try is what is known. An answer is a yes or a no; a connection that never came about was no try of the provider's;
whatever was written to it and left without a clear answer may have been sent, and nobody can know.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from households.outgoing.lines import asked_of, line_to, safe_parts

_PLACE = re.compile(r"\{(phone|text|key)\}")
_BODY = '{"phone": "{phone}", "text": "{text}", "id": "{key}"}'
_LONGEST = 64 * 1024  # of an answer
_WITHOUT_AN_ANSWER = (502, 504)  # a proxy's word that it does not know what became of it


class Outcome(StrEnum):
    HANDED = "handed"
    NO = "no"  # it answered that it did not take it
    NOT_REACHED = "not_reached"
    UNSURE = "unsure"


class BadGateway(ValueError):
    """What was set describes no gateway; in the operator's language."""


class Gateway(Protocol):
    def send(self, *, phone: str, text: str, key: str) -> Outcome:
        """One try, which never raises."""


@dataclass(frozen=True)
class FileGateway:
    """A line of JSON each, for trying out: the file holds telephone numbers, so it is its owner's alone."""

    path: Path

    def send(self, *, phone: str, text: str, key: str) -> Outcome:
        said = {"at": datetime.now().astimezone().isoformat(), "phone": phone, "text": text, "key": key}
        line = (json.dumps(said, ensure_ascii=False) + "\n").encode()
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError:
            return Outcome.NOT_REACHED
        try:
            return Outcome.HANDED if os.write(handle, line) == len(line) else Outcome.UNSURE
        except OSError:
            return Outcome.UNSURE
        finally:
            os.close(handle)


@dataclass(frozen=True)
class HttpGateway:
    """A provider's interface as a template. Redirects are not followed: a number goes nowhere else.

    `ok`: what an answer must hold besides a status of 2xx, for providers that say no with 200.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = _BODY
    ok: str = ""
    timeout: int = 10

    def send(self, *, phone: str, text: str, key: str) -> Outcome:
        given = {"phone": phone, "text": text, "key": key}
        url = urlsplit(_filled(self.url, given, _in_url))
        made = (
            _filled(self.body, given, _in_json if self.is_json else _in_url).encode() if self.method == "POST" else None
        )
        connection = line_to(url, seconds=self.timeout)
        try:
            connection.connect()
        except OSError:
            return Outcome.NOT_REACHED
        try:
            connection.request(self.method, asked_of(url), made, dict(self.headers))
            answer = connection.getresponse()
            return self._judged(answer.status, answer.read(_LONGEST))
        except (OSError, HTTPException):
            return Outcome.UNSURE
        finally:
            connection.close()

    @property
    def is_json(self) -> bool:
        return "json" in self.headers["Content-Type"]

    def _judged(self, status: int, answer: bytes) -> Outcome:
        if status in _WITHOUT_AN_ANSWER:
            return Outcome.UNSURE
        return Outcome.HANDED if 200 <= status < 300 and self.ok.encode() in answer else Outcome.NO


def gateway_from(target: str, given: Mapping[str, str], timeout: int) -> Gateway | None:
    """What DONGKOU_SMS and its companions describe; None for none. Raises BadGateway."""
    if not target:
        return None
    if target.startswith("file:/"):
        return FileGateway(Path(target.removeprefix("file:")))
    if target != "http":
        raise BadGateway(f"环境变量 DONGKOU_SMS 应是空的、file:/路径 或 http，现在是“{target}”。")
    method = given["method"] or "POST"
    if method not in ("GET", "POST"):
        raise BadGateway(f"环境变量 DONGKOU_SMS_METHOD 只能是 GET 或 POST，现在是“{method}”。")
    made = HttpGateway(
        _url(given["url"]), method, _headers(given["headers"]), given["body"] or _BODY, given["ok"], timeout
    )
    if method == "POST":
        _check_body(made)
    filled = made.url + (made.body if method == "POST" else "")
    if not {"{phone}", "{text}"} <= {place.group() for place in _PLACE.finditer(filled)}:
        raise BadGateway("DONGKOU_SMS_URL 和 DONGKOU_SMS_BODY 里要有 {phone} 和 {text}。")
    return made


def _url(url: str) -> str:
    parts = safe_parts(url)
    if parts is None or not url.isascii() or any(one.isspace() for one in url) or "{" in parts.netloc:
        raise BadGateway("DONGKOU_SMS_URL 应是 https:// 地址（本机的可以是 http://），里面没有空格和汉字。")
    return url


def _headers(text: str) -> dict[str, str]:
    try:
        found: Any = json.loads(text) if text else {}
    except ValueError:
        found = {"": None}
    plain = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    if not plain or any(
        not f"{name}{value}".isprintable() or not f"{name}{value}".isascii() for name, value in found.items()
    ):
        raise BadGateway('DONGKOU_SMS_HEADERS 应是 JSON，如 {"Authorization": "Bearer ..."}。')
    return {"Content-Type": "application/json; charset=utf-8"} | {
        "Content-Type" if name.lower() == "content-type" else name: value for name, value in found.items()
    }


def _check_body(made: HttpGateway) -> None:
    if made.is_json:
        try:
            json.loads(_filled(made.body, dict.fromkeys(("phone", "text", "key"), "1"), _in_json))
        except ValueError:
            raise BadGateway(
                "DONGKOU_SMS_BODY 不是 JSON。表单格式的，请在 DONGKOU_SMS_HEADERS 里写明 Content-Type。"
            ) from None
    elif "x-www-form-urlencoded" not in made.headers["Content-Type"]:
        raise BadGateway("DONGKOU_SMS_HEADERS 里的 Content-Type 应是 JSON 或 application/x-www-form-urlencoded。")


def _filled(template: str, given: Mapping[str, str], written: Callable[[str], str]) -> str:
    return _PLACE.sub(lambda place: written(given[place.group(1)]), template)


def _in_url(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    """Inside the quotes of a JSON string."""
    return json.dumps(value)[1:-1]
