"""What an action that must be refused says."""

from collections.abc import Callable

import pytest

from households.refusals import Refused


def refusal(act: Callable[..., object], *given: object, **more: object) -> Refused:
    """The refusal that the action ends with."""
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    return caught.value


def refusal_code(act: Callable[..., object], *given: object, **more: object) -> str:
    return refusal(act, *given, **more).code


def refused(code: str, act: Callable[..., object]) -> Refused:
    """The action's refusal, which must have this code."""
    found = refusal(act)
    assert found.code == code
    return found
