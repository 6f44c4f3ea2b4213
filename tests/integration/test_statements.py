import re
from pathlib import Path

import psycopg
import pytest

import memory
from memory import statements
from tests.conftest import TestDatabase

FOLDER = Path(memory.__file__).parent / "sql"
NOUNS = sorted(path.stem for path in FOLDER.glob("*.sql"))
EVERY_STATEMENT = [(noun, name) for noun in NOUNS for name in statements.load(noun)]
SETUP_ONLY = {"versions"}
