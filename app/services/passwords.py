"""Passwords: argon2id at about 80 ms, in a bounded number of threads, so that a flood of sign-ins starves nobody."""

from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST = 200
AT_ONCE = BoundedSemaphore(2)
# OWASP's minimum for argon2id is 19 MiB with two passes; seven bring it to 50 to 150 ms on our machines.
HASHER = PasswordHash([Argon2Hasher(time_cost=7, memory_cost=19_456, parallelism=1)])


def hashed(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password[:LONGEST])


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is right; takes as long when there is none to compare with."""
    with AT_ONCE:
        right = HASHER.verify(password[:LONGEST], kept or nobodys_hash())
    return right and kept is not None


@cache
def nobodys_hash() -> str:
    """Compared where there is no account, so that an unknown address takes as long as a known one."""
    return HASHER.hash("nobody signs in with this")
