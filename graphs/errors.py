"""Why a language model did not help. Whatever the reason, a task does by rules what it wanted to ask, and says so."""


class ModelFailure(Exception):
    """The model gave no reply that can be used; `reason` is a word for logs. Nothing in it quotes anybody."""

    reason = "failed"


class ModelUnavailable(ModelFailure):
    """No endpoint answered in time, or at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"No model answered ({reason}).")
        self.reason = reason


class BudgetSpent(ModelFailure):
    """Today's tokens are spent: nothing more is asked until tomorrow."""

    reason = "budget"


class InvalidReply(ModelFailure):
    """A model answered, and not with what was asked for.

    `faults` say in our own words what is wrong, fit to be sent back; with `final` it is of no use to ask again.
    """

    reason = "invalid"

    def __init__(self, model: str, faults: tuple[str, ...], *, final: bool = False) -> None:
        super().__init__(f"{model} gave a reply that cannot be used.")
        self.model = model
        self.faults = faults
        self.final = final
