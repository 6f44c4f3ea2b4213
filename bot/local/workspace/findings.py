"""Collects what is wrong with a payload, each with the place where it is."""

from typing import Any

from bot.local.workspace.state import Payload

TEXT_KINDS = ("plain_text", "mrkdwn")


class Findings:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, problem: str, path: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{path}]")

    def needed(self, owner: Payload, name: str, path: str) -> bool:
        if owner.get(name) in (None, ""):
            self.add(f"missing required field: {name}", path)
            return False
        return True

    def limit(self, owner: Payload, name: str, path: str, most: int) -> None:
        """A plain string of at most that length, if it is there."""
        value = owner.get(name)
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", f"{path}/{name}")
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", f"{path}/{name}")

    def text(self, owner: Payload, name: str, path: str, most: int, kinds: tuple[str, ...] = TEXT_KINDS) -> None:
        """A text object that must be there."""
        if owner.get(name) is None:
            self.add(f"missing required field: {name}", path)
        else:
            self.text_at(owner[name], f"{path}/{name}", most, kinds)

    def text_at(self, value: Any, path: str, most: int, kinds: tuple[str, ...] = TEXT_KINDS) -> None:
        if not isinstance(value, dict):
            self.add("must be an object", path)
        elif value.get("type") not in kinds:
            self.add(f"unsupported type: {value.get('type')}", f"{path}/type")
        elif not isinstance(value.get("text"), str):
            self.add("missing required field: text", path)
        elif not value["text"]:
            self.add("must be more than 0 characters", f"{path}/text")
        else:
            self.limit(value, "text", path, most)

    def items(self, owner: Payload, name: str, path: str, most: int) -> list[Any]:
        """The items of an array that must hold between one and that many."""
        value = owner.get(name)
        if not isinstance(value, list):
            self.add(f"missing required field: {name}", path)
            return []
        if not value:
            self.add("must have at least 1 item", f"{path}/{name}")
        if len(value) > most:
            self.add(f"no more than {most} items allowed", f"{path}/{name}")
        return value
