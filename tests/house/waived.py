"""Faults that no test can notice, each with its reason. A line belongs here only if the program does the same with the fault."""

WAIVED: tuple[str, ...] = ()
