"""A province's node: it receives the lines of divisions and departments from its counties, and adds up the sixth level (ADR 96)."""
