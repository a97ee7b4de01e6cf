"""The models of petitions, by noun."""
