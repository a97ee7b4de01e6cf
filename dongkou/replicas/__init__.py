"""Pages that only read are read from streaming replicas of the database, when one is not too far behind (ADR 91)."""
