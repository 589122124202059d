"""How a command fails: a sentence on standard error, the problem as JSON where --json was asked for, and the exit status."""

import json
from typing import Any

import sqlalchemy as sa
import typer
from typer.core import TyperGroup

from woodpecker_api.config import SettingsError
from woodpecker_api.errors import AppError

FAILED, WRONG_USE = 1, 2
AS_JSON = "woodpecker_api.as_json"


class CommandFailedError(Exception):
    """Said to the person as it is; the command ends with status 1. `problem` is what a program gets with --json."""

    def __init__(self, sentence: str, problem: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.problem = problem or {"code": "failed", "detail": sentence}


class Commands(TyperGroup):
    """Exit status 0, 1 (failed), 2 (wrong use or settings), whichever command it was."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CommandFailedError as error:
            sentence, problem, status = str(error), error.problem, FAILED
        except AppError as error:
            sentence = f"{error.detail} ({error.code})"
            problem, status = {"code": error.code, "detail": error.detail}, FAILED
        except SettingsError as error:
            sentence = f"The settings cannot be used:\n{error}"
            problem, status = {"code": "settings", "detail": str(error)}, WRONG_USE
        except sa.exc.OperationalError as error:
            sentence = (
                f"The database does not answer: {error.orig}. Look at DATABASE_URL, or run: woodpecker-api doctor"
            )
            problem, status = {"code": "database", "detail": sentence}, FAILED
        if ctx.meta.get(AS_JSON):
            typer.echo(json.dumps({"error": problem}, ensure_ascii=False, indent=2))
        typer.echo(sentence, err=True)
        raise typer.Exit(status)
