"""Passwords: their hashes, what makes one good enough, and one-time ones.

Argon2id with the library's defaults (RFC 9106, low-memory profile: 64 MiB, 3 passes).
"""

import secrets
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import InputInvalid

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 256  # characters; a longer one would only cost time
DIFFERENT = 5  # characters that differ, at least
_AT_ONCE = threading.BoundedSemaphore(2)  # 64 MiB each: many sign-ins must not fill the memory


@lru_cache(maxsize=1)
def hasher() -> "PasswordHasher":
    """The one hasher; tests put a cheaper one in its place."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hasher().hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """The hash to keep."""
    with _AT_ONCE:
        return hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; None: no such account, which takes as long."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return hasher().verify(kept or _nobody(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, name: str) -> None:
    """Raises InputInvalid for a password that is easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputInvalid(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符")
    if len(set(password)) < DIFFERENT or (name and name in password.casefold()):
        raise InputInvalid(f"密码太容易猜：至少 {DIFFERENT} 种字符，不含账号名")


def one_time() -> str:
    """A password for one sign-in, easy to read out: five groups of four."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(5))
