"""sampling.toml: which of a day's calls a QA clerk listens to, and which two clerks do."""

from pydantic import Field

from pipeline.domain.schema import Strict


class Sampling(Strict):
    """How workbench/sample.py draws."""

    share: float = Field(gt=0, le=1)  # of each agent's calls
    least: int = Field(ge=0)  # calls of an agent, where there are so many
    most: int = Field(ge=1)  # calls a day, of all agents
    second: float = Field(ge=0, le=1)  # share of the sample that another clerk scores again
    seed: int  # the same seed and calls give the same sample
