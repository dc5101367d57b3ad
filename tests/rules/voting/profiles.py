"""Profiles for the tests of the rules, written so that a failing case can be read, and made at random."""

from hypothesis import strategies as st

from app.rules.voting.profile import MarkKind, Profile, Vote, read_mark
from app.rules.voting.ties import TieBreak
from app.rules.words import Choice

LETTERS = "abcdefgh"


def ranked(*written: str, options: str = "") -> Profile:
    """`"5 a>b=c>d"` is five ballots with a first, b and c equal, then d; "1 " is an empty ballot."""
    votes = []
    for line in written:
        times, _, ranking = line.partition(" ")
        votes.append((int(times), [tier.split("=") for tier in ranking.split(">") if tier]))
    found = sorted({name for _, tiers in votes for tier in tiers for name in tier})
    names = tuple(options.split()) or tuple(found)
    marks = [read_mark(MarkKind.RANKING, {"ranking": tiers}, names) for _, tiers in votes]
    return Profile(names, tuple(Vote(mark, "", times) for mark, (times, _) in zip(marks, votes, strict=True)))


def graded(options: str, *written: str) -> Profile:
    """`graded("a b", "5 3 0")` is five ballots that grade a 3 and b 0; a dash is no grade."""
    votes = []
    for line in written:
        times, *grades = line.split()
        mark = tuple((at, int(grade)) for at, grade in enumerate(grades) if grade != "-")
        votes.append(Vote(mark, "", int(times)))
    return Profile(tuple(options.split()), tuple(votes))


def approved(options: str, *written: str) -> Profile:
    """`approved("a b c", "5 a c")`."""
    names = tuple(options.split())
    votes = []
    for line in written:
        times, *found = line.split()
        votes.append(Vote(tuple(sorted(names.index(name) for name in found)), "", int(times)))
    return Profile(names, tuple(votes))


def chosen(in_favour: int, against: int, abstained: int = 0) -> Profile:
    times = {Choice.FOR: in_favour, Choice.AGAINST: against, Choice.ABSTAIN: abstained}
    return Profile(("it",), tuple(Vote(choice, "", many) for choice, many in times.items() if many))


def by_list(profile: Profile) -> TieBreak:
    """No second measure and no lot: the order of the list stands in, and is told."""
    return TieBreak(profile.options)


def by_lot(profile: Profile, value: str = "drawn") -> TieBreak:
    return TieBreak(profile.options, decision="a decision", value=value)


groups = st.sampled_from(["", "academia", "citizens", "public"])


@st.composite
def rankings(draw, most_options=6, most_votes=8, most_times=4, strict=False, least_options=1, least_votes=0):
    """Profiles of rankings: truncated, with shared ranks unless `strict`, with groups."""
    many = draw(st.integers(least_options, most_options))
    votes = []
    for _ in range(draw(st.integers(least_votes, most_votes))):
        order = draw(st.permutations(range(many)))[: draw(st.integers(0, many))]
        tiers: list[list[int]] = []
        for option in order:
            if tiers and not strict and draw(st.booleans()):
                tiers[-1].append(option)
            else:
                tiers.append([option])
        mark = tuple(tuple(sorted(tier)) for tier in tiers)
        votes.append(Vote(mark, draw(groups), draw(st.integers(1, most_times))))
    return Profile(tuple(LETTERS[:many]), tuple(votes))


@st.composite
def sheets(draw, highest=5, most_options=5, most_votes=8, most_times=4):
    """Profiles of grades or scores, some of them missing."""
    many = draw(st.integers(1, most_options))
    votes = []
    for _ in range(draw(st.integers(0, most_votes))):
        given = draw(st.lists(st.none() | st.integers(0, highest), min_size=many, max_size=many))
        mark = tuple((at, grade) for at, grade in enumerate(given) if grade is not None)
        votes.append(Vote(mark, draw(groups), draw(st.integers(1, most_times))))
    return Profile(tuple(LETTERS[:many]), tuple(votes))


@st.composite
def approvals(draw, most_options=6, most_votes=8, most_times=4):
    many = draw(st.integers(1, most_options))
    votes = [
        Vote(
            tuple(sorted(draw(st.sets(st.integers(0, many - 1))))),
            draw(groups),
            draw(st.integers(1, most_times)),
        )
        for _ in range(draw(st.integers(0, most_votes)))
    ]
    return Profile(tuple(LETTERS[:many]), tuple(votes))


@st.composite
def choices(draw, kind=Choice, most_votes=8, most_times=4):
    votes = [
        Vote(draw(st.sampled_from(kind)), draw(groups), draw(st.integers(1, most_times)))
        for _ in range(draw(st.integers(0, most_votes)))
    ]
    return Profile(("a",), tuple(votes))
