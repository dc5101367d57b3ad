"""Every sentence is marked, collected, and said in every language; what is missing is named."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import nodes

from app import i18n
from app.routers.pages import make_templates

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OTHERS = [each for each in i18n.LOCALES if each != "en"]
PLACEHOLDER = re.compile(r"%\((\w+)\)s|{(\w+)}")
# Names and abbreviations that are the same in every language.
SAME = {
    "CoMission",
    "EN",
    "ES",
    "English",
    "Español",
    "JSON",
    "CSV",
    "SHA-256",
    "E-mail",
    "JavaScript",
    "Chromium",
}
SPOKEN = (
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "content",
    "data-confirm",
    "data-words",
)


@cache
def collected(tmp: Path = ROOT / "var" / "tests-messages.pot") -> Catalog:
    """What `make messages` finds in the code and the pages now."""
    tmp.parent.mkdir(exist_ok=True)
    mapping, found = str(ROOT / "babel.cfg"), str(tmp)
    command = ["pybabel", "--quiet", "extract", "-F", mapping, "--no-location", "-o", found, str(ROOT)]
    CommandLineInterface().run(command)
    with tmp.open("rb") as file:
        catalogue = read_po(file)
    tmp.unlink()
    return catalogue


def said(locale: str) -> Catalog:
    path = ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po"
    assert path.exists(), f"there is no catalogue for {locale}: {path.relative_to(ROOT)}"
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def key(message_id: object) -> str:
    return str(message_id[0]) if isinstance(message_id, (tuple, list)) else str(message_id)


def forms(message: Message) -> list[str]:
    """The one translation, or one for each number."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_the_pages_have_words() -> None:
    assert len([each for each in collected() if each.id]) > 300


@pytest.mark.parametrize("locale", OTHERS)
def test_every_sentence_is_said_in_every_language(locale: str) -> None:
    catalogue, missing = said(locale), []

    for message in collected():
        if not message.id:
            continue
        own = catalogue.get(message.id)
        strings = (
            [own.string]
            if own is not None and isinstance(own.string, str)
            else list(own.string if own else [])
        )
        if own is None or own.fuzzy or not strings or not all(strings):
            missing.append(key(message.id))

    assert missing == [], f"{len(missing)} not said in {locale}:\n" + "\n".join(missing)


@pytest.mark.parametrize("locale", OTHERS)
def test_a_translation_has_the_same_gaps_to_fill(locale: str) -> None:
    wrong = []
    for message in said(locale):
        if not message.id or message.fuzzy:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = {gap for each in ids for gap in gaps(each)}
        needed = set.intersection(*(gaps(each) for each in ids))
        # `num` may be left out where a word says it: "one voice".
        bad = [
            form for form in forms(message) if form and not (needed - {"num", "n"} <= gaps(form) <= allowed)
        ]
        wrong += [f"{key(message.id)} → {form}" for form in bad]

    assert wrong == []


def gaps(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


@pytest.mark.parametrize("locale", OTHERS)
def test_a_catalogue_holds_nothing_that_no_page_says(locale: str) -> None:
    known = {key(each.id) for each in collected()}
    stale = [key(each.id) for each in said(locale) if each.id and key(each.id) not in known]

    assert stale == [], "no page says these any more: " + "\n".join(stale)


@pytest.mark.parametrize("locale", OTHERS)
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    """`make setup` compiles; an old .mo would hide a new sentence."""
    compiled = ROOT / "locales" / locale / "LC_MESSAGES" / "messages.mo"
    if not compiled.exists():
        pytest.skip("not compiled here: `make setup` does it")
    with compiled.open("rb") as file:
        spoken = {key(each.id): forms(each) for each in read_mo(file) if each.id}

    assert spoken == {key(each.id): forms(each) for each in said(locale) if each.id and all(forms(each))}


def bare_words(template: Path) -> Iterator[str]:
    """Text of a template that a reader sees and no translator: text nodes and spoken attributes outside `_()`."""
    source = re.sub(r"{% block layout %}[\w -]*{% endblock %}", "", template.read_text("utf-8"))
    tree = make_templates().parse(source)
    text = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\x01"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    text = re.sub(r"<!--.*?-->|<(script|style|code)\b.*?</\1>", "", text, flags=re.S)
    for name in SPOKEN:
        for value in re.findall(rf'\s{name}="([^"\x01]*)', text):
            if name != "content":
                yield value
    # A macro may answer nothing but attributes.
    text = re.sub(r"""[\s\x01][a-z-]+="[^"<>]*\"""", " ", text)
    yield from re.findall(r">([^<>]+)<", f">{re.sub(r'<[^<>]*>', '<>', text)}<")


def test_bare_words_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p>Hello {{ _("there") }} <b title="you all">{{ name }}</b></p>{# not me #}', "utf-8")

    assert {words.strip() for words in bare_words(page)} >= {"Hello \x01", "you all"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_words_outside_its_marks(template: Path) -> None:
    found = [words for text in bare_words(template) for words in re.findall(r"[^\W\d_]{2,}[\w ,.'-]*", text)]

    assert [each for each in found if each.strip() not in SAME and not each.startswith(("amp", "nbsp"))] == []


def test_what_python_says_to_people_is_marked() -> None:
    """A sentence given to `redirect` as notice, or as a refusal's, goes through `_` or `N_`."""
    loose = []
    for module in sorted((ROOT / "app").rglob("*.py")):
        source = module.read_text("utf-8")
        for pattern in (
            r'^\s*sentence(?:: ClassVar\[str\])? = "([^"]+)"',
            r'redirect\([^()]*, "([A-Z][^"]+)"\)',
        ):
            loose += [
                f"{module.name}: {words}" for words in re.findall(pattern, source, flags=re.M) if " " in words
            ]

    assert [each for each in loose if "%(sentence)s" not in each] == []
