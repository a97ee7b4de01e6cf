"""Faults that no test can notice, each with its reason. A line belongs here only if the program does the same with the fault."""

WAIVED: tuple[str, ...] = (
    # A whole table in one piece or in several is the same table.
    "AT_ONCE  5000: 5001",
    # Heads are opened with ON CONFLICT DO NOTHING: opening all of them again changes none.
    "lock  len(rows(_LOCK, wanted)) < len(wanted['chains']): LtE",
    # A day has one root for each chain.
    "provable  VillageRoot.objects.filter(pk__in=daily.lines, chain=owner.chain).first(): last",
    # The quick way for what nearly all cells are: the slow one says the same.
    "text  len(cell) <= longest: Lt",
    # Nobody asks where a text broke that did not.
    "_decoded  0: 1",
    # More days than any row of days off has: looking back further finds no other reminder.
    "HOLIDAYS  12: 13",
    # -0 is 0, and an amount of 0 is told in yuan.
    "round_half_up  value >= 0: Gt",
    "wan  fen < 0: LtE",
    "wan  0: 1",
    # No clock that an authority owes ends by an assignment.
    "_lead  one.seq <= until: Lt",
    # The unranked stand apart by the first part of the key.
    "award  0: 1",
    # A part of four digits has no fifth.
    "_section  3: 4",
)
