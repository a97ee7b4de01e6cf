"""A run of an import without the pages."""

from households.imports.kinds import kind_of
from households.intake.actions import hand_in
from households.intake.work import work
from households.models import ImportRun, User
from tests.world import VILLAGE

ROWS = f"村代码,组,户号,户主,电话,地址\n{VILLAGE},1,1,张三丰,12,东山村一组1号\n"


def handed_in(by: User) -> ImportRun:
    """A file that was rehearsed, and has a fault, so that it can be given back."""
    kind = kind_of("households")
    assert kind is not None
    run = hand_in(kind=kind, name="名册.csv", data=ROWS.encode(), options={}, by=by)
    work(run.pk)
    return run
