"""The embedded database's files brought to this program's version of PostgreSQL (ADR 92)."""
