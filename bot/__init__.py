"""Puts everything together, and runs it."""
