"""Lists of contacts as the common import takes them: a county's at once, in the background."""

from households.contacts.importing import COLUMNS, import_contacts
from households.contacts.taking_back import hang_on_contacts, take_back_contacts
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport
from households.permissions import Permission


def _act(order: ImportOrder) -> ImportReport:
    return import_contacts(**order.given)


CONTACTS = ImportKind(
    5, "contacts", "联系人", Permission.MANAGE_CONTACTS, COLUMNS, _act, "党员联系、网格长、微网格长：谁联系哪一户。",
    hindrances=hang_on_contacts, take_back=take_back_contacts,
)  # fmt: skip
