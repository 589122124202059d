"""Users and API tokens."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, say, show_json, show_table
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth import users as verbs
from woodpecker_api.system.auth.permissions import Role

users = typer.Typer(no_args_is_help=True, help="Who may sign in.")
tokens = typer.Typer(no_args_is_help=True, help="Keys for programs.")
CLI = Actor("cli")


@users.command("create")
def create_user(
    email: str,
    role: Annotated[Role, typer.Option()] = Role.REP,
    name: Annotated[str, typer.Option()] = "",
    password: Annotated[str | None, typer.Option(help="Default: asked for, or read from standard input.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a user; the first one should be an admin."""
    secret = password or _ask_password()
    with open_program() as program, program.database.writing() as db:
        user = verbs.create_user(db, CLI, email=email, role=role, password=secret, name=name)
        made = {"id": user.id, "email": user.email, "role": user.role}
    show_json(made) if as_json else say(f"Created {made['email']} as {made['role']}.")


@users.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Everybody, disabled ones last."""
    with open_program() as program, program.database.reading() as db:
        rows = [
            {"id": u.id, "email": u.email, "name": u.name, "role": u.role, "disabled": u.disabled_at is not None}
            for u in verbs.list_users(db)
        ]
    if as_json:
        show_json({"items": rows})
    else:
        show_table(
            ["email", "name", "role", "state"],
            [(r["email"], r["name"], r["role"], "disabled" if r["disabled"] else "active") for r in rows],
        )


@users.command("disable")
def disable_user(email: str, as_json: AsJson = False) -> None:
    """Ends sign-in, sessions and tokens at once; the record of what they did stays."""
    with open_program() as program, program.database.writing() as db:
        verbs.disable_user(db, CLI, verbs.user_by_email(db, email), datetime.now(UTC))
    show_json({"email": email, "disabled": True}) if as_json else say(f"Disabled {email}.")


@users.command("set-password")
def set_password(
    email: str,
    password: Annotated[str | None, typer.Option(help="Default: asked for, or read from standard input.")] = None,
    as_json: AsJson = False,
) -> None:
    """Also ends the user's sessions."""
    secret = password or _ask_password()
    with open_program() as program, program.database.writing() as db:
        verbs.set_password(db, CLI, verbs.user_by_email(db, email), secret, datetime.now(UTC))
    if as_json:
        show_json({"email": email, "changed": True})
    else:
        say(f"The password of {email} is changed, and every session of theirs has ended.")


@tokens.command("create")
def create_token(
    email: Annotated[str, typer.Argument(help="The user the token acts as.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    as_json: AsJson = False,
) -> None:
    """Prints the token once."""
    with open_program() as program, program.database.writing() as db:
        token, secret = sessions.create_token(db, CLI, verbs.user_by_email(db, email), name=name, expires_at=None)
        made = {"id": token.id, "name": token.name, "token": secret}
    show_json(made) if as_json else say(f"{secret}\n(shown this once; revoke it with: tokens revoke {made['id']})")


@tokens.command("list")
def list_tokens(as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Tokens in force."""
    with open_program() as program:
        answer = Local.as_user(program, as_user).call("GET", "/api/tokens")
    if as_json:
        show_json(answer)
    else:
        show_table(["id", "name", "created"], [(t["id"], t["name"], t["created_at"]) for t in answer["items"]])


@tokens.command("revoke")
def revoke_token(token_id: str, as_json: AsJson = False) -> None:
    """Stops working at once."""
    with open_program() as program, program.database.writing() as db:
        sessions.revoke_token(db, CLI, token_id, datetime.now(UTC))
    show_json({"id": token_id, "revoked": True}) if as_json else say("Revoked.")


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer
