"""The audit log fails, and with it whatever was to be logged."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from households import audit


class AuditDown(Exception):
    """No log, no deed."""


@contextmanager
def audit_down(after: int = 0) -> Iterator[None]:
    """What is done in here must end at a line it cannot log, when `after` others have gone through.

    The caller then looks at what has been left behind.
    """
    write, left = audit.record_all, iter(range(after))

    def fail(lines: object) -> None:
        if next(left, None) is None:
            raise AuditDown
        write(lines)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(AuditDown):
        patch.setattr(audit, "record_all", fail)
        yield
