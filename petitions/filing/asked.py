"""What is asked when a petition is filed."""

from dataclasses import dataclass, field

from households.models import Household
from petitions.models import Case, Demand, PetitionKind


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is asked. `place` is the code of the division it is about (the county when nothing nearer is known).

    `accused` names whom it accuses: department:CODE, division:CODE (township or smaller) or user:NAME (one that nobody
    has is passed over); then `content` is an accusation. Without `name` it is nameless; without `phone` nobody can call
    back. `case` joins the life story of an earlier one.
    """

    channel: str
    way: str
    content: str
    place: str
    title: str
    text: str
    kind: str = PetitionKind.FIRST
    demand: str = Demand.COMPLAINT
    name: str = ""
    phone: str = ""
    enterprise: str = ""
    household: Household | None = None
    people: int = 1
    external_no: str = ""
    external_link: str = ""
    accused: tuple[str, ...] = field(default=())
    case: Case | None = None
