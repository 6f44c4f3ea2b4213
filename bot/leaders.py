"""Finds people by what somebody calls them."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.errors import BadInput
from memory.models.people import Person


def find_person(name: str, people: Iterable[Person]) -> Person:
    """The one person of that name, handle, e-mail address or id.

    Raises:
        BadInput: nobody is called so, or several are.
    """
    wanted = _plain(name)
    if not wanted:
        raise BadInput("A name is empty: give a name, a handle, an e-mail address or an id.")
    everybody = [person for person in people if person.role != "bot"]
    for calls in (_exact, _parts):
        found = [person for person in everybody if wanted in calls(person)]
        if len(found) > 1:
            raise BadInput(f"Several people are called {name}: say which of {_listed(found)}.")
        if found:
            return found[0]
    raise BadInput(f"Nobody is called {name}{_guess(wanted, everybody)}")


def find_people(names: Iterable[str], people: Iterable[Person]) -> list[Person]:
    """One person for each name; raises BadInput about the first that fits nobody, or several."""
    everybody = list(people)
    return [find_person(name, everybody) for name in names]


def _exact(person: Person) -> set[str]:
    return {_plain(call) for call in (person.external_id, person.handle, person.real_name, person.email) if call}


def _parts(person: Person) -> set[str]:
    """First and last name, and what stands before the @."""
    return {_plain(part) for part in (*person.real_name.split(), person.email.partition("@")[0]) if part}


def _plain(name: str) -> str:
    return name.strip().removeprefix("@").casefold()


def _listed(found: list[Person]) -> str:
    ids = sorted(f"{person.external_id} ({person.name})" for person in found)
    return ", ".join(ids[:8]) + (" …" if len(ids) > 8 else "")


def _guess(wanted: str, everybody: list[Person]) -> str:
    calls = {_plain(person.real_name or person.handle): person.name for person in everybody}
    near = process.extractOne(wanted, calls.keys(), scorer=fuzz.WRatio, score_cutoff=70)
    return f": did you mean {calls[near[0]]}?" if near else "."
