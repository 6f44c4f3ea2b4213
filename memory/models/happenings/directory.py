"""Who and where."""

from memory.models.containers import ContainerKind
from memory.models.happenings.happening import Happening
from memory.models.ids import (
    PersonId,
)
from memory.models.people import Role


class PersonSeen(Happening):
    """A person as their source describes them, without the words: those are the directory's."""

    source: str
    external_id: str
    tz: str
    role: Role
    manager_id: PersonId | None
    deactivated: bool


class PersonHeardOf(Happening):
    source: str
    external_id: str


class PersonUntracked(Happening):
    """This person does not want to be tracked: no fact rests on what they write. What others say stands."""


class PersonTrackedAgain(Happening):
    """What this person writes counts again, what they wrote meanwhile too."""


class ReaderStarted(Happening): ...


class ReaderStopped(Happening): ...


class PersonForgotten(Happening):
    """Nothing of this person is kept any more, and nothing new is: of them an id is left."""


class PersonReadAgain(Happening):
    """What this person writes from here on is read again."""


class ContainerSeen(Happening):
    """A container as its source describes it, without its name: that is the directory's."""

    source: str
    external_id: str
    kind: ContainerKind
    archived: bool
    read_by_daybook: bool


class ContainerHeardOf(Happening):
    source: str
    external_id: str
    kind: ContainerKind


class ContainerLeft(Happening):
    """Daybook is no longer in it."""


class ContainerArchived(Happening): ...


class ContainerUnarchived(Happening): ...


class ContainerConverted(Happening):
    to: ContainerKind


class ContainerMadePersonal(Happening):
    """It was opened for one person alone."""


class ContainerForgotten(Happening):
    """Nothing of it is kept any more, and it is not read, though Daybook may be in it."""


class ContainerReadAgain(Happening):
    """What is said there from here on is read again."""


class RetentionSet(Happening):
    """What is said there is kept for so many days; None: for as long as it stands in its source."""

    days: int | None


class HoldPlaced(Happening):
    """A legal hold: until it is released, nothing of it is erased but what is deleted in its source."""


class HoldReleased(Happening): ...


class MembersListed(Happening):
    """From here on it is known in full who is in it."""


class MemberJoined(Happening): ...


class MemberLeft(Happening): ...
