"""Names that nobody may take, however they are spelled: those of the platform and of its offices."""

import unicodedata
from typing import ClassVar

from app.errors import Refusal
from app.rules.words import N_

CYRILLIC = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u043a\u043c\u0442\u0432\u043d\u04cf",
    "aeopcyxijsdhkmtbhl",
)
GREEK = str.maketrans("\u03b1\u03bf\u03b5\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03c7", "aoepviktux")
DIGITS = str.maketrans("013457@$!", "oleastasl")
STROKES = str.maketrans("\u0131|i", "lll")  # i, l, 1 and | are told apart by nobody in a hurry
LOOKS_LIKE = CYRILLIC | GREEK | DIGITS

ANYWHERE = (
    "comission", "comision", "administrator", "administrador", "moderator", "moderador", "webmaster",
)  # fmt: skip
WHOLE = (
    "admin", "system", "sistema", "root", "staff", "support", "soporte", "security", "official", "oficial",
    "facilitator", "facilitador", "facilitadora", "committee", "comite", "secretary", "secretaria", "chair",
    "anonymous", "anonimo", "deleted", "withdrawn", "platform", "plataforma", "everyone", "nobody", "null",
)  # fmt: skip


class NameReserved(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "This name could be taken for an office of the platform. Please choose another."
    )


def folded(name: str) -> str:
    """What the name looks like at a glance: no case, accents, spaces or signs, and look-alikes made equal."""
    looks = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(
        LOOKS_LIKE
    )
    bare = "".join(each for each in looks.translate(STROKES) if each.isalnum())
    return bare.replace("rn", "m").replace("vv", "w")


# Of digits only those that are letters at a glance: "School 5" and "School S" are two schools.
LETTERS_AT_A_GLANCE = CYRILLIC | GREEK | str.maketrans("01", "ol")


def key(name: str) -> str:
    """One form for all spellings of a name that people could take for one another; two names with one key are one."""
    looks = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(each for each in looks.translate(LETTERS_AT_A_GLANCE).translate(STROKES) if each.isalnum())
    return bare.replace("rn", "m").replace("vv", "w") or "".join(looks.split())


RESERVED_ANYWHERE = frozenset(folded(name) for name in ANYWHERE)
RESERVED_WHOLE = frozenset(folded(name) for name in WHOLE)


def is_reserved(name: str) -> bool:
    """Whether the name, or one word of it, reads like an office of the platform."""
    whole = folded(name)
    words = {folded(word) for word in name.split()}
    return (
        whole in RESERVED_WHOLE
        or any(each in whole for each in RESERVED_ANYWHERE)
        or bool(words & {folded("admin"), folded("root")})
    )


def require_free(name: str) -> None:
    if is_reserved(name):
        raise NameReserved()
