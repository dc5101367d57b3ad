"""Words that may name a solution, where a mission should name a problem: a hint for whoever reads, never a verdict.

Two kinds of signs are looked for, in English and Spanish. A *way* is said ("by installing …", "mediante …"), or a
*thing* is named: a machine, a method or a brand that somebody would buy or build. A goal may well name a thing that it
is about, which is why a person judges: what is found is shown with the words around it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WAYS = (
    r"by (?:means of|way of|using|installing|building|buying|constructing|deploying|subsidi[sz]ing|equipping)",
    r"through the (?:use|construction|purchase|installation|deployment) of", r"with the help of (?:a|an|the)",
    r"using (?:an? |the )?\w{1,40}", r"(?:must|shall|will|should) be (?:built|bought|installed|equipped) with",
    r"mediante", r"por medio de", r"a través de(?:l| la| los| las)?", r"con la ayuda de",
    r"(?:instalando|construyendo|comprando|usando|utilizando|subsidiando|equipando)",
    r"(?:con|gracias a) (?:el uso|la instalación|la construcción|la compra) de",
)  # fmt: skip
THINGS = (
    r"(?:solar|photovoltaic) (?:panel|roof|farm|plant|kit|lamp)s?", r"wind (?:turbine|farm)s?", r"heat pumps?",
    r"batter(?:y|ies)", r"(?:green )?hydrogen", r"nuclear (?:plant|reactor|power)s?", r"diesel generators?",
    r"desalination(?: plant)?s?", r"electric (?:bus|car|vehicle|truck)(?:e?s)?", r"drones?", r"robots?",
    r"(?:mobile |phone )?apps?", r"(?:digital|online|software) platforms?", r"blockchain", r"chatbots?",
    r"artificial intelligence", r"machine learning", r"smart (?:meter|grid|card)s?", r"microgrids?",
    r"(?:public.private partnership|voucher|feed.in tariff|carbon tax|subsid(?:y|ies))s?",
    r"(?:paneles|techos|plantas?|parques?|kits?) (?:solares?|fotovoltaic[oa]s?)", r"turbinas? eólicas?",
    r"bombas? de calor", r"baterías?", r"hidrógeno(?: verde)?", r"(?:planta|central)(?:es)? nuclear(?:es)?",
    r"generadores? (?:a diésel|diésel)", r"desaladoras?", r"plantas? desalinizadoras?",
    r"(?:buses|autos|vehículos|camiones) eléctricos", r"drones", r"aplicaci(?:ón|ones) (?:móvil|móviles)",
    r"plataformas? digital(?:es)?", r"cadena de bloques", r"inteligencia artificial", r"medidores inteligentes",
    r"microrredes?", r"subsidios?", r"bonos? de descuento",
)  # fmt: skip
BRAND = r"\w{1,40} ?[®™]"
SIGNS = re.compile(rf"(?<!\w)(?:(?:{'|'.join((*WAYS, *THINGS))})(?!\w)|{BRAND})", re.IGNORECASE)
AROUND = 48


@dataclass(frozen=True)
class Hint:
    """Words found, with what stands before and after them."""

    before: str
    words: str
    after: str


def hints(texts: Iterable[str]) -> list[Hint]:
    """Everything in these texts that may name a solution, each wording once, in the order of reading."""
    found: dict[str, Hint] = {}
    for text in texts:
        for match in SIGNS.finditer(text):
            found.setdefault(match.group(0).casefold(), hint(text, match))
    return list(found.values())


def hint(text: str, match: re.Match[str]) -> Hint:
    start, end = match.span()
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "…" + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return Hint(before, match.group(0), after)
