"""Reading the register: households found by what people type, and what each reader sees of them."""

from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Contains

from households.masks import mask_name
from households.models import AwaySpell, Household, User
from households.register import looking
from households.roles import Role
from households.words.folding import NEVER_COMPARED, compared
from households.words.signs import TABLE

# Whoever goes from door to door knows the names; everybody else works with the surname.
_KNOWS_NAMES = frozenset({Role.CADRE, Role.GROUP_LEADER})


def matching(households: "QuerySet[Household]", words: str) -> Any:
    """Those whose head's name holds `words`, or its pinyin initials begin with them, or whose code ends with these digits."""
    typed = compared(words)
    if typed.isdecimal():
        return households.filter(code__endswith=typed)
    return households.filter(named(words)) if typed else households


def named(words: str, *, household: str = "") -> Q:
    """Whose head's name holds `words`, however both are spelt, or has initials that begin so; `household` is the way to it."""
    typed = compared(words).replace(".", "")
    return Q(Contains(folded(f"{household}head_name"), typed)) | Q(**{f"{household}initials__startswith": typed})


def folded(field: str) -> Func:
    """A stored name as `folding.compared` has it, for rows that came in before names were folded."""
    compatible = Func(F(field), template="normalize(%(expressions)s, NFKC)")
    return Func(Lower(compatible), Value(_OLD), Value(_NEW), function="translate", output_field=TextField())


_KEPT = {code: sign for code, sign in TABLE.items() if not sign.isspace()}
_NEW = "".join(_KEPT.values())
_OLD = "".join(map(chr, _KEPT)) + "".join(NEVER_COMPARED) + "."  # what stands behind the others is dropped


def lives_away() -> Exists:
    """Whether a household lives elsewhere now: for those who know the names, and for nobody else."""
    return Exists(AwaySpell.objects.filter(household=OuterRef("pk"), until=None))


def knows_names_of(user: User, code: str) -> bool:
    """Whether heads of households are named in full to the person: only to their own cadre and group leader."""
    return user.role in _KNOWS_NAMES and user.scope.covers(code)


def name_for(household: Household, user: User) -> str:
    """The head's name as the person may see it: in full, which is a look, or masked."""
    if not knows_names_of(user, household.code):
        return mask_name(household.head_name)
    looking.shown(user, [household.code])
    return household.head_name
