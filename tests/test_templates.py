"""Templates are short, say what they need, and need nothing else; the components say their arguments."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from app.routers.pages import make_templates

ROOT = Path(__file__).resolve().parent.parent / "templates"
EVERY = sorted(ROOT.rglob("*.html"))
COMPONENTS = [path for path in EVERY if path.parent.name == "components" and not path.name.startswith("_")]
PARTIALS = [
    path for path in EVERY if path.name.startswith("_") and "{% macro" not in path.read_text("utf-8")[:600]
]
PAGES = [path for path in EVERY if not path.name.startswith("_") and path not in COMPONENTS]
LONGEST_PAGE, LONGEST_PARTIAL = 120, 40
NEEDS = re.compile(r"{#-? needs: (.*?)#}", re.S)
# Every template gets these from `context`; a partial still names the ones it reads.
ALWAYS = {
    "request", "viewer", "can", "locale", "direction", "csrf_token", "demo", "theme", "notices", "version", "now",
    "status",
}  # fmt: skip


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_templates()


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def told(path: Path) -> str:
    found = NEEDS.search(path.read_text("utf-8"))
    return found.group(1) if found else ""


def read_by(environment: Environment, path: Path, seen: frozenset[Path] = frozenset()) -> set[str]:
    """The names a template reads from outside, those of the templates it includes too."""
    tree = environment.parse(path.read_text("utf-8"))
    read = meta.find_undeclared_variables(tree) - set(environment.globals)
    read -= (own := assigned(tree))
    for each in tree.find_all(nodes.Include):
        for wanted in constants(each.template):
            if (other := ROOT / wanted) not in seen:
                read |= read_by(environment, other, seen | {path}) - own
    return read


def assigned(tree: nodes.Node) -> set[str]:
    """The names a template sets itself, in whatever branch."""
    targets = [each.target for each in tree.find_all((nodes.Assign, nodes.AssignBlock, nodes.For))]
    targets += [target for each in tree.find_all(nodes.With) for target in each.targets]
    names = {name.name for target in targets for name in target.find_all(nodes.Name)}
    return names | {target.name for target in targets if isinstance(target, nodes.Name)}


def constants(expression: nodes.Expr) -> list[str]:
    return [
        each.value
        for each in [expression, *expression.find_all(nodes.Const)]
        if isinstance(each, nodes.Const)
    ]


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_a_partial_says_what_it_needs_and_reads_nothing_else(environment: Environment, path: Path) -> None:
    needs = told(path)
    names = set(re.findall(r"\b[a-z_]\w*\b", needs, flags=re.IGNORECASE))
    silent = read_by(environment, path) - names

    assert needs, "its first line names what it needs"
    assert silent == set(), f"read and not named in `needs`: {sorted(silent)}"


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_a_partial_names_nothing_that_it_does_not_read(environment: Environment, path: Path) -> None:
    first = re.sub(r"\([^()]*\)", "", told(path))
    listed = {part.split()[0].strip(".,") for part in first.split(",") if part.split()}
    wanted = {each for each in listed if re.fullmatch(r"[a-z_]\w*", each)} - {"what", "nothing", "none"}

    assert wanted - read_by(environment, path) - ALWAYS - set(environment.globals) == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_PAGE


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_a_partial_is_shorter(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_PARTIAL


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_takes_arguments_and_no_request(environment: Environment, path: Path) -> None:
    tree = environment.parse(path.read_text("utf-8"))

    # What a file neither imports nor sets would come from a page.
    free = meta.find_undeclared_variables(tree) - assigned(tree) - set(environment.globals)

    assert free - {"caller", "varargs", "kwargs"} == set()


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_template_it_names_is_there(environment: Environment, path: Path) -> None:
    tree = environment.parse(path.read_text("utf-8"))
    kinds = (nodes.Include, nodes.Extends, nodes.FromImport, nodes.Import)
    wanted = [each for node in tree.find_all(kinds) for each in constants(node.template)]

    assert [each for each in wanted if not (ROOT / each).exists()] == []


def test_every_template_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in [*EVERY, *(ROOT.parent / "app").rglob("*.py")])

    assert [name(path) for path in EVERY if f'"{name(path)}"' not in source] == []
