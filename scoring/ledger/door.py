"""The only door to points: credits at freezing, holds and spends, claw-backs, expiry (design section 8).

Entries are append-only and hang on a chain for each village (`chains`); repeats are harmless. Everything here runs inside
the caller's transaction.
"""

from scoring.ledger.actions import adjust, give_back, hold, record_spent, release, spend, spend_now
from scoring.ledger.chains import lock
from scoring.ledger.earnings import (
    counties_uncredited,
    credit_departments,
    credit_townships,
    credit_villages,
    last_credited,
    restate,
)
from scoring.ledger.owners import Owner, PointBalance, department, division, household, state_of

__all__ = [
    "Owner",
    "PointBalance",
    "adjust",
    "counties_uncredited",
    "credit_departments",
    "credit_townships",
    "credit_villages",
    "department",
    "division",
    "give_back",
    "hold",
    "household",
    "last_credited",
    "lock",
    "record_spent",
    "release",
    "restate",
    "spend",
    "spend_now",
    "state_of",
]
