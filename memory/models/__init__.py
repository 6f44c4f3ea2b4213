"""Frozen models shared by the floors above; imports nothing but pydantic."""
