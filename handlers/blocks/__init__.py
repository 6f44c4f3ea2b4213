"""Pure functions from models to Block Kit, one file per surface."""
