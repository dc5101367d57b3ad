"""How many ballots prefer each option to each other: the table that Schulze's rule and ranked pairs start from.

Options that a ballot does not rank are tied last on it; a shared rank prefers neither. The obvious ways are slow: to
compare each ranked option with all unranked ones takes minutes for a hundred thousand ballots over two hundred options,
and so do full rankings. Here the place of an option on all ballots is written as a few long whole numbers, one for each
binary digit of the place, with a bit for each ballot. A few operations on such numbers, digit by digit, then compare
two options on all ballots at once, however much each ballot ranks.
"""

from collections.abc import Sequence
from itertools import combinations

from app.rules.voting.profile import Profile, Ranking, Vote

Table = list[list[int]]  # table[a][b]: ballots that prefer a to b
Digits = list[int]  # the places of one option, least digit first, a bit for each ballot

AT_ONCE = 1 << 16  # votes, so that a million of them need no more memory than these
BITS = [bytes(b"01"[byte >> bit & 1] for byte in range(256)) for bit in range(8)]


def pairwise(profile: Profile[Ranking]) -> Table:
    """The table of preferences, in the order of the options."""
    many = len(profile.options)
    table = [[0] * many for _ in range(many)]
    for start in range(0, len(profile.votes), AT_ONCE):
        add(table, profile.votes[start : start + AT_ONCE])
    return table


def add(table: Table, votes: Sequence[Vote[Ranking]]) -> None:
    """Compare each two options on these votes."""
    places = digits_of(votes, len(table))
    weights = weights_of(votes)
    for one, other in combinations(range(len(table)), 2):
        before, differ = compared(places[one], places[other])
        for times, which in weights:
            here = before & which
            table[one][other] += times * here.bit_count()
            table[other][one] += times * ((differ & which) ^ here).bit_count()


def compared(one: Digits, other: Digits) -> tuple[int, int]:
    """The ballots on which the place of `one` is smaller than that of `other`, and those on which they differ."""
    before = differ = 0
    for mine, yours in zip(one, other, strict=True):
        unlike = mine ^ yours
        # Where this digit differs it outweighs all before it: smaller is who has a zero.
        before ^= (before ^ yours) & unlike
        differ |= unlike
    return before, differ


def digits_of(votes: Sequence[Vote[Ranking]], many: int) -> list[Digits]:
    """The place of each option on each of the votes, in binary; unranked options come after the longest ranking."""
    last = max(len(vote.mark) for vote in votes)
    places: list[Digits] = [[] for _ in range(many)]
    for low in range(0, last.bit_length(), 8):
        rows = b"".join(row(vote.mark, many, last, low) for vote in votes)
        for option, digits in enumerate(places):
            column = rows[option::many]
            digits += [int(column.translate(BITS[bit]), 2) for bit in range(min(8, last.bit_length() - low))]
    return places


def row(mark: Ranking, many: int, last: int, low: int) -> bytearray:
    """One ballot: eight binary digits, from `low` on, of the place of every option."""
    places = bytearray([last >> low & 255]) * many
    for place, tier in enumerate(mark):
        for option in tier:
            places[option] = place >> low & 255
    return places


def weights_of(votes: Sequence[Vote[Ranking]]) -> list[tuple[int, int]]:
    """How often each vote was cast, in binary: a power of two, and a bit for each vote that has it."""
    most = max(vote.times for vote in votes)
    return [
        (1 << digit, int("".join("01"[vote.times >> digit & 1] for vote in votes), 2))
        for digit in range(most.bit_length())
    ]
