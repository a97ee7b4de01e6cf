"""The way out for SMS: what each answer of a provider means, what the template makes of a message, what is no gateway."""

import json
import stat
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

import pytest

from households.sms.gateway import BadGateway, FileGateway, Gateway, HttpGateway, Outcome, gateway_from
from tests.households.sms.provider import NOTHING, provider

SENT = {"phone": "13800000001", "text": '"好"\\\n&a=1{key}', "key": "7"}


def http(url: str, timeout: int = 10, **given: str) -> Gateway:
    made = gateway_from("http", NOTHING | {"url": url} | given, timeout)
    assert isinstance(made, HttpGateway)
    return made


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, Outcome.HANDED), (202, Outcome.HANDED), (500, Outcome.NO), (403, Outcome.NO), (302, Outcome.NO)),
        *((502, Outcome.UNSURE), (504, Outcome.UNSURE), (0, Outcome.UNSURE)),
    ],
)
def test_each_answer_means_what_is_known(status: int, outcome: Outcome) -> None:
    with provider(status) as server:
        assert http(server.url).send(**SENT) is outcome
    assert len(server.got) == 1


def test_slow_provider_may_have_taken_it() -> None:
    over = Event()
    with provider(lambda: over.wait(30) and 200) as server:
        assert http(server.url, timeout=1).send(**SENT) is Outcome.UNSURE
        over.set()


def test_provider_that_is_down_was_not_reached() -> None:
    with provider() as server:
        url = server.url
    assert http(url).send(**SENT) is Outcome.NOT_REACHED


def test_answer_has_to_hold_what_was_agreed() -> None:
    with provider(200, b'{"code": "LIMIT"}') as server:
        assert http(server.url, ok='"code": "OK"').send(**SENT) is Outcome.NO


def test_message_is_json_in_json_and_never_a_place_of_its_own() -> None:
    with provider() as server:
        http(server.url).send(**SENT)
    assert json.loads(server.got[0]) == {"phone": SENT["phone"], "text": SENT["text"], "id": "7"}


def test_message_is_escaped_in_a_form_and_in_an_address() -> None:
    form = {"headers": '{"content-type": "application/x-www-form-urlencoded"}', "body": "to={phone}&say={text}"}
    with provider() as server:
        http(server.url, **form).send(**SENT)
        http(f"{server.url}?to={{phone}}&say={{text}}", method="GET").send(**SENT)
    for got in (server.got[0], urlsplit(server.got[1]).query):
        assert parse_qs(got) == {"to": [SENT["phone"]], "say": [SENT["text"]]}


def test_file_takes_a_line_each_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = gateway_from(f"file:{tmp_path}/sms.jsonl", NOTHING, 10)
    assert isinstance(made, FileGateway)
    assert [made.send(**SENT), made.send(**SENT)] == [Outcome.HANDED] * 2
    lines = [json.loads(line) for line in made.path.read_text().splitlines()]
    assert [(line["phone"], line["text"]) for line in lines] == [(SENT["phone"], SENT["text"])] * 2
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_file_that_cannot_be_written_was_not_reached(tmp_path: Path) -> None:
    assert FileGateway(tmp_path / "no" / "sms.jsonl").send(**SENT) is Outcome.NOT_REACHED


@pytest.mark.parametrize(
    ("target", "given", "named"),
    [
        ("smtp", {}, "DONGKOU_SMS "),
        ("file:sms.jsonl", {}, "DONGKOU_SMS "),
        ("http", {}, "DONGKOU_SMS_URL"),
        ("http", {"url": "http://sms.example.cn/"}, "DONGKOU_SMS_URL"),
        ("http", {"url": "https://{phone}.example.cn/"}, "DONGKOU_SMS_URL"),
        ("http", {"url": "https://sms.example.cn:x/"}, "DONGKOU_SMS_URL"),
        ("http", {"url": "https://sms.example.cn/", "method": "PUT"}, "DONGKOU_SMS_METHOD"),
        ("http", {"url": "https://sms.example.cn/", "headers": "x: y"}, "DONGKOU_SMS_HEADERS"),
        ("http", {"url": "https://sms.example.cn/", "headers": '{"x": "a\\r\\nb: c"}'}, "DONGKOU_SMS_HEADERS"),
        ("http", {"url": "https://sms.example.cn/", "headers": '{"Content-Type": "text/xml"}'}, "DONGKOU_SMS_HEADERS"),
        ("http", {"url": "https://sms.example.cn/", "body": "to={phone}&say={text}"}, "DONGKOU_SMS_BODY"),
        ("http", {"url": "https://sms.example.cn/", "body": '{"to": "{phone}"}'}, "DONGKOU_SMS_BODY"),
    ],
)
def test_what_is_no_gateway_is_refused_by_name(target: str, given: dict[str, str], named: str) -> None:
    with pytest.raises(BadGateway, match=named):
        gateway_from(target, NOTHING | given, 10)


def test_nothing_set_is_no_gateway() -> None:
    assert gateway_from("", NOTHING, 10) is None
