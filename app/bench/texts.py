"""Seeded texts in any number: sentences put together from parts, about as long and as alike as real voices."""

from collections.abc import Iterator
from random import Random

from app.rules.importing import Row
from app.rules.words import StakeholderGroup, SubmissionKind

PLACES = ("Antofagasta", "Calama", "Taltal", "Mejillones", "Tocopilla", "Iquique", "San Pedro", "María Elena")
WHO = (
    "Families in our street", "The school on the hill", "Night shift workers", "Small farmers", "Older people here",
    "My neighbours and I", "Fishing crews", "The health post", "Young people", "Shop owners", "Bus drivers",
)  # fmt: skip
NEED = (
    "need", "have asked for years for", "would gladly share", "cannot pay for", "still wait for", "deserve",
    "could run by themselves", "lost", "want a say in",
)  # fmt: skip
WHAT = (
    "panels on the roof", "clean water from the sea", "a battery for the evening", "shade at the bus stop",
    "a workshop for repairs", "training that ends in a job", "lamps that do not blind the sky",
    "a fair electricity bill",
    "a place to recycle old panels", "buses without smoke", "a cool room in summer", "a share of the income",
)  # fmt: skip
WHY = (
    "because the bill doubled last winter", "because the truck comes only once a week", "so that nobody has to leave",
    "since the plant next door sends everything south", "before another summer like this one",
    "and we can show the numbers", "and the mine should pay its part", "even if it takes ten years",
)  # fmt: skip
SPANISH = (
    "Falta {what} en {place}.", "En {place} necesitamos {what} antes del verano.", "Que la minera pague {what}.",
    "Queremos {what} y una respuesta clara.",
)  # fmt: skip
COSAS = (
    "agua limpia",
    "paneles solares",
    "sombra en el paradero",
    "baterías",
    "cursos técnicos",
    "buses eléctricos",
)


def rows(count: int, seed: int = 0) -> Iterator[Row]:
    """Texts of distinct numbered voices by as many authors as a tenth of them."""
    random = Random(seed)  # noqa: S311 - measurements must be repeatable, not secret
    groups, kinds = list(StakeholderGroup), list(SubmissionKind)
    for number in range(count):
        place = random.choice(PLACES)
        spanish = random.random() < 0.2
        yield Row(
            line=number + 2,
            key=f"seeded:{seed}:{number}",
            author=f"{seed}-{random.randrange(max(1, count // 10))}",
            text=sentence_es(random, place, number) if spanish else sentence_en(random, place, number),
            agrees=int(random.expovariate(0.1)),
            disagrees=int(random.expovariate(0.3)),
            language="es" if spanish else "en",
            place=place,
            group=random.choice(groups),
            kind=random.choice(kinds),
        )


def sentence_en(random: Random, place: str, number: int) -> str:
    parts = [
        f"{random.choice(WHO)} {random.choice(NEED)} {random.choice(WHAT)} {random.choice(WHY)}."
        for _sentence in range(random.choice((1, 1, 1, 2, 2, 3)))
    ]
    return f"{' '.join(parts)} ({place}, {number})"


def sentence_es(random: Random, place: str, number: int) -> str:
    parts = [
        random.choice(SPANISH).format(what=random.choice(COSAS), place=place)
        for _n in range(random.choice((1, 2)))
    ]
    return f"{' '.join(parts)} ({number})"
