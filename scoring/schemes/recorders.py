"""Who may record under a clause, and who may take an event back."""

from households.roles import Role

_COUNTY = Role.COUNTY_OFFICE

# Clause.recorder names the least role; the ones above it may record too. The petition office stands alone.
MAY_RECORD: dict[str, frozenset[str]] = {
    "leader": frozenset({Role.GROUP_LEADER, Role.CADRE, Role.TOWNSHIP, _COUNTY}),
    "cadre": frozenset({Role.CADRE, Role.TOWNSHIP, _COUNTY}),
    "township": frozenset({Role.TOWNSHIP, _COUNTY}),
    "department": frozenset({Role.DEPARTMENT, _COUNTY}),
    "petition_office": frozenset({Role.PETITION_OFFICE}),
    "county_office": frozenset({_COUNTY}),
}

# Whose records a role may withdraw besides its own.
_MAY_WITHDRAW: dict[str, frozenset[str]] = {
    Role.CADRE: frozenset({Role.GROUP_LEADER, Role.CADRE}),
    Role.TOWNSHIP: frozenset({Role.GROUP_LEADER, Role.CADRE, Role.TOWNSHIP}),
    _COUNTY: frozenset({Role.GROUP_LEADER, Role.CADRE, Role.TOWNSHIP, _COUNTY, ""}),
}


def may_record(role: str, recorder: str) -> bool:
    """Whether `role` may record under a clause whose least recorder is `recorder`."""
    return role in MAY_RECORD[recorder]


def may_withdraw_of(role: str, recorded_by_role: str) -> bool:
    """Whether `role` may take back what `recorded_by_role` recorded ("" is the county's import)."""
    return recorded_by_role in _MAY_WITHDRAW.get(role, frozenset())
