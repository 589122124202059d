"""What a command says: one JSON document with --json, else lines; a bar on a terminal, plain lines elsewhere."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from woodpecker_api.cli.failing import AS_JSON


def _note(ctx: typer.Context, value: bool) -> bool:
    # Also a failure is then told as JSON (`failing.py`).
    ctx.meta[AS_JSON] = value
    return value


AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.", callback=_note)]
AsUser = Annotated[
    str | None, typer.Option("--as", metavar="EMAIL", help="Act as this user (default: the first admin).")
]


def say(text: str) -> None:
    print(text)  # noqa: T201


def show_json(document: Any) -> None:
    say(json.dumps(document, ensure_ascii=False, indent=2))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function for (done, total)."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield plain_progress(title, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def plain_progress(title: str, console: Console) -> Callable[[int, int], None]:
    """A line for each tenth."""
    said = -1

    def show(done: int, total: int) -> None:
        nonlocal said
        tenth = done * 10 // total if total else 0
        if tenth != said:
            said = tenth
            console.print(f"{title}: {done} of {total}", highlight=False)

    return show
