"""A rule as people read it before they vote: what is needed, in the figures that were frozen."""

from fractions import Fraction

from app.rules.phrases import Phrase, phrase
from app.rules.voting import approval, greedy, greedy_no_skip, group_majority, supermajority
from app.rules.voting.ruling import Question
from app.rules.voting.ties import Measure
from app.rules.words import N_, Grade

# The shares people know by name; any other is read as a fraction.
SHARES = {Fraction(1, 2): N_("half"), Fraction(2, 3): N_("two thirds"), Fraction(3, 4): N_("three quarters")}
# Where nothing costs anything there is no money to run out: only places.
MOST_APPROVED = (greedy.NAME, greedy_no_skip.NAME)
BY_PLACES = N_("The most approved options are chosen first, as long as there is a place.")


def share(fraction: Fraction) -> Phrase:
    return Phrase(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))


def rule_sentences(asked: Question, currency: str = "") -> list[Phrase]:
    """What is needed, how many are chosen and with what money, who has to vote, and how a tie ends."""
    told = [*needed(asked), *how_many(asked, currency), *of_groups(asked)]
    words = N_(
        "In each group more than %(share)s of the seats must vote. An abstention counts as having voted, "
        "and for nothing else. A tie is not carried."
    )
    if not asked.is_answer:
        words = N_("In each group more than %(share)s of the seats must vote.")
    told.append(phrase(words, share=share(asked.terms.quorum)))
    if asked.terms.measure is Measure.LOWER_COST:
        told.append(phrase(N_("Of options that are level, the one that costs less comes first.")))
    if asked.terms.lot:
        told.append(phrase(N_("A tie is ended by a public lot, drawn with: %(lot)s."), lot=asked.terms.lot))
    return told


def needed(asked: Question) -> list[Phrase]:
    """The rule, and what an option needs to be chosen."""
    name, facts = asked.of_table.name, asked.settings_facts
    if name == group_majority.NAME:
        return [group_majority_sentence(asked)]
    if name == supermajority.NAME:
        words = N_("It is carried if of all votes for and against at least %(share)s are for.")
        return [phrase(words, share=share(Fraction(facts["share"])))]
    told = [Phrase(BY_PLACES if is_by_places(asked) and name in MOST_APPROVED else asked.of_table.plain)]
    if name == approval.NAME and Fraction(facts["share"]):
        words = N_("An option needs the approval of at least %(share)s of all ballots.")
        told.append(phrase(words, share=share(Fraction(facts["share"]))))
    if name == approval.NAME and Fraction(facts["group_share"]):
        words = N_("In each group it needs the approval of at least %(share)s of its ballots.")
        told.append(phrase(words, share=share(Fraction(facts["group_share"]))))
    if facts.get("default"):
        told += over_default(asked)
    if asked.mark.value == "grades" and facts.get("floor"):
        least = list(Grade)[len(Grade) - 1 - facts["floor"]]
        told.append(phrase(N_("What does not reach the grade “%(grade)s” is not chosen."), grade=least))
    return told


def is_by_places(asked: Question) -> bool:
    """Whether a portfolio is chosen by a number, because nothing of it costs anything."""
    return bool(asked.settings_facts.get("budget") and not asked.costs)


def over_default(asked: Question) -> list[Phrase]:
    """What an option needs against "none of these"; a draft, whose voters are not listed yet, tells no number."""
    facts = asked.settings_facts
    told = [phrase(N_("One option means none of these: what does not beat it is not chosen."))]
    majority = Fraction(facts.get("majority") or 1)
    if majority > 1:
        words = N_(
            "At least %(times)s times as many voters must prefer it to none of these as the other way round."
        )
        told.append(phrase(words, times=majority.numerator if majority.denominator == 1 else str(majority)))
    if facts.get("quorum", 0) > 1:
        words = N_("At least %(voters)s voters must prefer it to none of these.")
        told.append(phrase(words, voters=facts["quorum"]))
    elif facts.get("quorum"):
        told.append(
            phrase(
                N_(
                    "Enough voters must prefer it to none of these: one and a half times the square root of all."
                )
            )
        )
    return told


def how_many(asked: Question, currency: str = "") -> list[Phrase]:
    """The number of seats, or the money there is."""
    facts = asked.settings_facts
    by_places = is_by_places(asked)
    if (budget := facts.get("budget")) and not by_places:
        amount = budget // 100 if budget % 100 == 0 else budget / 100
        return [
            phrase(
                N_("All that is chosen may cost %(budget)s together."), budget=in_currency(amount, currency)
            )
        ]
    seats = budget if by_places else facts.get("seats")
    if seats is None or len(asked.options) < 2:
        return []
    if seats == 1:
        return [phrase(N_("One option is chosen."))]
    return [phrase(N_("%(seats)s options are chosen at most."), seats=seats)]


def in_currency(amount: float, currency: str) -> object:
    """A sum with its currency behind it, where that is known."""
    return phrase("%(amount)s %(currency)s", amount=amount, currency=currency) if currency else amount


def of_groups(asked: Question) -> list[Phrase]:
    if asked.terms.weights or asked.settings_facts.get("weights"):
        return [phrase(N_("Every group has the same say, however many seats it has, times its weight."))]
    if asked.settings_facts.get("by_group"):
        return [phrase(N_("Every group has the same say, however many seats it has."))]
    return []


def group_majority_sentence(asked: Question) -> Phrase:
    settings = asked.settings
    facts = {"groups": len(settings.required), "share": share(settings.overall), "enough": settings.enough}
    if settings.enough is not None:
        words = N_(
            "It is carried if %(enough)s of the %(groups)s groups are in favour, no group has less than %(floor)s "
            "for, and of all votes for and against at least %(share)s are for."
        )
        return Phrase(words, {**facts, "floor": share(settings.floor)})
    words = N_(
        "It is carried if in each of the %(groups)s groups more vote for than against, "
        "and of all votes for and against at least %(share)s are for."
    )
    return Phrase(words, facts)
