"""Traces reach a real collector from a web server and a worker, and tell nothing that a log would not."""

import importlib.util
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from dongkou.tracing import spans
from households.accounts.actions.tokens import issue
from households.plates.actions.plates import issue_plate
from scoring.tasks import roll_up_marked
from tests.dongkou.serving.hosts import asked, comes_up, health, host
from tests.dongkou.tracing.collector import collector
from tests.processes import free_port
from tests.scoring.points.asking import add
from tests.waiting import until
from tests.world import MONTH, VILLAGE, World

SHEET = f"/api/v1/sheets/{MONTH}/{VILLAGE}/"


def said(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@pytest.mark.django_db(transaction=True)
def test_requests_statements_and_tasks_are_one_trace_without_a_word_of_anybody(world: World) -> None:
    port, token = free_port(), issue(user=world.people["cadre"])[0]
    plate, _printed = issue_plate(household=world.household, by=None)
    with collector() as found:
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": found.address, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        with host(**settings) as one:
            one.serve("web", "--listen", str(port), "--processes", "1")
            one.serve("worker", "--queues", "rollup", "--processes", "1")
            comes_up(one, lambda: health(port)[1].get("database"))
            asked(port, "", "GET", f"/h/{plate.token}/?secret=4711", None)
            entry = add(f"{VILLAGE}010001", note="说给人听的话")
            assert asked(port, token, "POST", f"{SHEET}ops/", {"base_version": None, "ops": [entry]})[0] == 200
            roll_up_marked.apply_async(queue="rollup")
            until(lambda: found.named("scoring.tasks.roll_up_township"), seconds=60)
            until(lambda: found.named("GET /h/<str:token>/") and found.named(f"POST {ROUTE}"))
        [page], [posted] = found.named("GET /h/<str:token>/"), found.named(f"POST {ROUTE}")
        assert said(page) == {
            "http.request.method": "GET",
            "http.route": "/h/<str:token>/",
            "http.response.status_code": 200,
        }
        of_post = {
            span.name for who, span in found.spans() if span.trace_id == posted.trace_id and who == "dongkou-web"
        }
        assert {"INSERT", "SELECT"} <= of_post
        [asking], [asked_for] = map(found.named, ("scoring.tasks.roll_up_marked", "scoring.tasks.roll_up_township"))
        assert asking.trace_id == asked_for.trace_id
        everything = b"".join(found.bodies).decode("utf-8", "replace")
    assert "/h/<str:token>/" in everything
    private = (plate.token, token, "4711", "说给人听的话", "127.0.0.1", VILLAGE, str(entry["op_id"]), "张三丰")
    assert [word for word in private if word in everything] == []


ROUTE = "/api/v1/sheets/<str:month>/<str:village>/ops/"


def test_nothing_is_traced_unless_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in spans.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    assert not spans.wanted()
    monkeypatch.setenv(spans.ENDPOINTS[0], "http://127.0.0.1:4318")
    assert spans.wanted()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-tracing\.lock"):
        spans.wanted()
