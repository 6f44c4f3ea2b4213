"""Who may read what in a world, by the rules that it is written for: its membership at the end of the week."""

from collections.abc import Iterable

from bot.evaluation.world import DM, Question, Week


class Reach:
    def __init__(self, week: Week) -> None:
        self._users = {user.id: user for user in week.users}
        self._places = {place.id: place for place in week.containers}
        self._where = {line.id: line.container for line in week.messages}
        self._elsewhere = {each.id: each.audience for each in week.elsewhere}

    def knows(self, source: str) -> bool:
        """Whether there is a message, a meeting or a review of that id."""
        return source in self._where or source in self._elsewhere

    def reads(self, user: str, source: str) -> bool:
        """Whether somebody may read a message, a meeting or a review."""
        if source in self._where:
            return self.opens(user, self._where[source])
        return user in self._elsewhere.get(source, ())

    def opens(self, user: str, container: str) -> bool:
        place, who = self._places[container], self._users[user]
        return (place.kind == "public" and not who.is_guest) or user in place.members

    def audience(self, asked: Question) -> Iterable[str]:
        """Everybody who can see the answer: in a channel all who could open it."""
        if asked.where == DM:
            return {asked.asker}
        people = (user for user, who in self._users.items() if not who.is_bot)
        return {asked.asker, *(user for user in people if self.opens(user, asked.where))}
