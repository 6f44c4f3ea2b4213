"""Figures: how well something was found, by the definitions that the sets come with. Pure; numbers are percentages."""
