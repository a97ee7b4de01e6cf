"""The models of rewards, by noun."""
