"""returns.toml: the codes with which a work order comes back."""

from pipeline.domain.schema import Strict


class ReturnCode(Strict):
    """One reason for which a dispatcher, or a unit, returns a work order."""

    code: str
    label: str
    english: str
