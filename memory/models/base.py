from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value: what it holds is checked when it is made, and never changes after."""

    model_config = ConfigDict(frozen=True, extra="forbid")
