"""Measuring the tasks on data that people annotated."""
