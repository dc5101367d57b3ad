"""The command that gives people seats and lets suspended accounts work again."""

from typing import Annotated

import typer

from app.console import Json, answer, place
from app.db import transaction
from app.rules.words import Role, StakeholderGroup
from app.services import scopes

commands = typer.Typer()


@commands.command()
def users(
    act: Annotated[str, typer.Argument(help="add or restore")],
    email: Annotated[str, typer.Argument(help="The person's address.")],
    role: Annotated[Role, typer.Option(help="What the seat allows.")] = Role.ADMIN,
    scope: Annotated[
        str, typer.Option(help='"platform", "organisation:NAME" or "committee:NAME".')
    ] = "platform",
    group_: Annotated[
        StakeholderGroup | None, typer.Option("--group", help="For members of a committee.")
    ] = None,
    name: Annotated[str, typer.Option(help="The name others see.")] = "",
    as_json: Json = False,
) -> None:
    """Give a person a seat, or let a suspended account work again; prints a single-use link that opens it."""
    if act not in ("add", "restore"):
        raise typer.BadParameter(
            "Say comission users add EMAIL --role ROLE --scope SCOPE, or comission users restore EMAIL."
        )
    with place() as (settings, engine), transaction(engine) as session:
        if act == "restore":
            found = scopes.let_in(session, settings.origin, email)
        else:
            found = scopes.seat_by_address(session, settings.origin, email, name, role, scope, group_)
    answer(found.as_facts(), as_json, found.told)
