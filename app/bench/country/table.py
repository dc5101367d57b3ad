"""The pages of a full database as a Markdown section, to be put into bench/README.md."""

from typing import Any

from app.bench.country.pages import GOAL

SHOWN = 30


def table(facts: dict[str, Any]) -> str:
    """The slowest first; what is left out is faster than all that is shown."""
    seeded, pages = facts["seeded"], sorted(facts["pages"], key=lambda each: -float(each["p95_ms"]))
    slow = [each for each in pages if each["p95_ms"] >= GOAL]
    lines = [
        f"## {facts['at']}, commit {facts['commit'] or 'unknown'}",
        "",
        f"{facts['machine']}; load average over 1, 5 and 15 minutes at the end {facts['load']}.",
        (
            f"{seeded['missions']:,} missions, {seeded['projects']:,} projects, {seeded['readings']:,} readings and "
            f"{seeded['events']:,} events, seeded in {seeded['seconds']} s ({seeded['cpu_seconds']} s of CPU). "
            f"{len(pages)} pages, each asked {facts['count']} times; {len(slow)} of them at {GOAL} ms or more."
        ),
        "",
        "| who | page | web CPU ms | database CPU ms | p50 ms | p95 ms | CPU against the bare page |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each['who']} | `{each['page']}` | {each['web_cpu_ms']} | {each['database_cpu_ms']} | {each['p50_ms']} "
        f"| {each['p95_ms']} | {each['ratio']} |"
        for each in pages[:SHOWN]
    ]
    if len(pages) > SHOWN:
        lines += ["", f"The other {len(pages) - SHOWN} pages: p95 at most {pages[SHOWN]['p95_ms']} ms."]
    return "\n".join(lines)
