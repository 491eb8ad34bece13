"""One writing for a caller's number, whatever the exchange made of it.

Used by facts.py. Two numbers that are equal here are one line; whoever holds it is not known.
"""

import re
import unicodedata
from collections.abc import Sequence

from pipeline.domain.schema import Region

MOBILE = re.compile(r"0?(1[3-9]\d{9})")
LOCAL = re.compile(r"[2-8]\d{6,7}")


def one_number(
    text: str | None, region: str | None, places: Sequence[Region], nobody: re.Pattern[str]
) -> str:
    """Digits without country code and with area code; "" for none, for one that the exchange
    masked (several people may bear it) and for the profile's numbers of nobody."""
    digits = re.sub(r"[\s()（）.\-—–]", "", unicodedata.normalize("NFKC", text or ""))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return ""
    digits = re.sub(r"^(?:\+|00)86|^86(?=0?1[3-9]\d{9}$|0\d{9,11}$)|^\+", "", digits)
    if mobile := MOBILE.fullmatch(digits):
        return mobile[1]
    if nobody.fullmatch(digits):
        return ""
    if LOCAL.fullmatch(digits):
        codes = {one.name: one.area_code for one in places}
        return codes.get(region or "", "") + digits
    return digits
