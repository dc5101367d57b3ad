"""A process that runs jobs and never looks ahead while it adds money: a count of nine ballots takes it seconds."""

from app.rules.voting import equal_shares
from tests.jobs.errands import work

if __name__ == "__main__":
    equal_shares.MOST_VOTES = 0
    work()
