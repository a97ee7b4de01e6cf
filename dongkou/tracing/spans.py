"""Requests, tasks and statements as spans: by the names that addresses, tasks and statements have in the program.

Where they are sent is said by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER ...). No span
holds an address as it was asked, a query, a parameter, an account or a client: a trace may lie with people who may read none of it.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from celery import signals
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from dongkou.watching.slow import told

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
MISSING = (
    "设了 OTEL_EXPORTER_OTLP_ENDPOINT，但没有装链路追踪用的程序包，"
    "请运行 pip install --require-hashes -r requirements-tracing.lock。"
)


def wanted() -> bool:
    """Whether a collector is named. ImproperlyConfigured when it is and the packages are missing."""
    named = any(os.environ.get(name, "").strip() for name in ENDPOINTS)
    if named and not all(importlib.util.find_spec(name) for name in PACKAGES):
        raise ImproperlyConfigured(MISSING)
    return named


@cache
def tracer() -> Any:
    """This process's, which sends its spans from a thread of its own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    role = os.environ.get("DONGKOU_ROLE") or "command"
    provider = TracerProvider(resource=Resource.create({"service.name": f"dongkou-{role}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    connection_created.connect(_watch, dispatch_uid="dongkou.tracing")
    return provider.get_tracer("dongkou")


@contextmanager
def span(name: str, kind: str, **said: str | int) -> Iterator[Any]:
    """A span for the length of a block, inside the one that is open; `kind` is SERVER, CLIENT, CONSUMER or PRODUCER."""
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    with tracer().start_as_current_span(
        name, kind=SpanKind[kind], attributes=said, record_exception=False, set_status_on_exception=False
    ) as open_span:
        try:
            yield open_span
        except BaseException as fault:
            failed(open_span, type(fault).__name__)
            raise


def failed(open_span: Any, what: str) -> None:
    """It went wrong: by the name of the fault alone, whose words may quote a row."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415

    open_span.set_status(StatusCode.ERROR)
    open_span.set_attribute("error.type", what)


def statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """A statement as the log of slow ones tells it."""
    text = told(sql, params)
    with span(text.partition(" ")[0] or "SQL", "CLIENT", **{"db.system.name": "postgresql", "db.query.text": text}):
        return execute(sql, params, many, context)


def _watch(sender: Any, connection: BaseDatabaseWrapper, **_given: Any) -> None:
    if statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(statement)


def begin() -> None:
    """Where a collector is named: from now on tasks carry the trace that asked for them, and are spans of it where they are done."""
    if not wanted():
        return
    signals.before_task_publish.connect(_send, dispatch_uid="dongkou.tracing")
    signals.task_prerun.connect(_begin, dispatch_uid="dongkou.tracing")
    signals.task_postrun.connect(_end, dispatch_uid="dongkou.tracing")


def _send(headers: dict[str, Any], **_given: Any) -> None:
    from opentelemetry.propagate import inject  # noqa: PLC0415

    inject(headers)


def _begin(task: Any, **_given: Any) -> None:
    from opentelemetry.context import attach  # noqa: PLC0415
    from opentelemetry.propagate import extract  # noqa: PLC0415

    carried = {name: word for name in ("traceparent", "tracestate") if (word := task.request.get(name))}
    task.request.traced_from = attach(extract(carried))
    task.request.traced = span(task.name, "CONSUMER")
    task.request.traced_span = task.request.traced.__enter__()


def _end(task: Any, state: str = "", **_given: Any) -> None:
    from opentelemetry.context import detach  # noqa: PLC0415

    if (traced := task.request.get("traced")) is None:
        return
    if state == "FAILURE":
        failed(task.request.traced_span, state)
    traced.__exit__(None, None, None)
    detach(task.request.traced_from)
