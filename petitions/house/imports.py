"""Lists of hotline and 红网 as the common import takes them: long ones, in the background."""

from households.imports.columns import FileColumn
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport
from households.permissions import Permission
from petitions.filing.lists import HEADINGS, import_petitions
from petitions.filing.views_import import EXPLAINED

_WORDS = {heading: (words, example) for heading, words, example in EXPLAINED}
_COLUMNS = tuple(FileColumn(name, heading, *_WORDS[heading]) for name, heading in HEADINGS.items())


def _act(order: ImportOrder) -> ImportReport:
    given = {name: getattr(order, name) for name in ("name", "data", "by", "dry_run", "tell")}
    return import_petitions(**given)


KIND = ImportKind(
    10,
    "petitions",
    "热线和红网件",
    Permission.ROUTE_PETITIONS,
    _COLUMNS,
    _act,
    "热线、红网、信箱移交的清单，最大 5 MB、2 万行；已登记过的不会再登记一次。",
    stays="登记了的信访件依法要有办理结果，编号和时限从登记起算。登记错的，在那一件里办“不予受理”或“并案”，写明原因。",
    slow=True,
)
