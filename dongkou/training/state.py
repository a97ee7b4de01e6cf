"""Whether what runs just now belongs to a training village. Pure."""

from contextvars import ContextVar

from households.codes import INVENTED

IN_TRAINING: ContextVar[bool] = ContextVar("in_training", default=False)
MARK = INVENTED  # what every code of a training village begins with
PREFIX = "/training-village"  # what every address of a training village begins with


def code_of(real: str) -> str:
    """The code under which a place of the county stands among the training villages."""
    return MARK + real[len(MARK) :]


def cache_key(key: str, prefix: str, version: int) -> str:
    """Django's own spelling, but what training keeps is never what the county finds, nor the other way round."""
    return f"{'training:' if IN_TRAINING.get() else ''}{prefix}:{version}:{key}"
