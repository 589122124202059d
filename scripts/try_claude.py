"""Three leads with a real key, and what they cost: ANTHROPIC_API_KEY=… make try-claude

Runs the program's own way (prompt, reservation, call, checks, ledger) in a folder that is removed afterwards. Nobody is mailed and
nothing is kept. Stops before one dollar is spent; usually it is a few cents. ANTHROPIC_BASE_URL and CLAUDE_MODEL are heeded.
"""

import os
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.client import AnthropicClient
from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.config import Environment, Settings
from woodpecker_api.db.session import Database
from woodpecker_api.errors import AppError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.crew import Crew
from woodpecker_api.features.generation.rules.models_offered import choose_effort
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT, Brief
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.jobs import JobContext
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.wiring.installation import open_database, prepare, upgrade_database

BUDGET_MICROS = 1_000_000
BRIEF = Brief(
    company="Makeshapes",
    product="a platform for group learning that teams run by themselves",
    proof_points=("Groups meet without a trainer", "A session takes under an hour"),
    voice="Warm, direct and modest. Peer to peer.",
)
PEOPLE = (
    ("Ann", "Example", "Tideway Logistics", "Head of People", "Logistics"),
    ("José", "Muster", "Nordlicht Energie", "L&D Manager", "Energy"),
    ("Mary-Jane", "Sample", "Acorn Hospitals", "Chief Nursing Officer", "Health care"),
)
"""Nobody of these exists; the addresses end in .example, which no mail server serves."""


def main() -> int:
    key = os.environ.get("ANTHROPIC_API_KEY", "").strip()
    if not key:
        print("Set ANTHROPIC_API_KEY first: ANTHROPIC_API_KEY=… make try-claude")
        return 2
    client = AnthropicClient(key, os.environ.get("ANTHROPIC_BASE_URL") or None)
    try:
        with tempfile.TemporaryDirectory(prefix="try-claude-") as folder:
            return _try(client, Path(folder), os.environ.get("CLAUDE_MODEL") or None)
    except (AppError, ClaudeError) as error:
        print(f"It did not work: {error}")
        return 1
    finally:
        client.close()


def _try(client: AnthropicClient, folder: Path, model: str | None) -> int:
    # With a key, `development` is as real as production: nothing here ever meets the simulator by itself.
    settings = Settings(data_dir=folder, environment=Environment.DEVELOPMENT)
    database = open_database(settings)
    upgrade_database(settings, database)
    prepare(settings, database)
    offer = service.ModelOffers(lambda: client, system_clock).choose(model)
    content = replace(DEFAULT_CONTENT, brief=BRIEF)
    with database.writing() as db:
        template = templates.create(db, SYSTEM, "Try", content, system_clock())
        order = service.Order(
            lead_ids=[_lead(db, *person).id for person in PEOPLE],
            model=offer,
            effort=choose_effort(offer, None),
            sandbox=False,
            template_id=template.id,
            budget_micros=BUDGET_MICROS,
        )
        sampled = service.sample(db, order, system_clock())
    estimate = service.estimate(sampled, client.count_tokens, system_clock()).as_json()
    print(
        f"{offer.name}, three leads: about {estimate['usd']} USD ({estimate['source']}), at most {BUDGET_MICROS / 1e6:.2f} USD."
    )
    with database.writing() as db:
        run_id = service.start(db, Jobs(database), SYSTEM, order, system_clock()).run.id
    Crew(database, lambda: client, lambda: False, system_clock).turn(_context(), run_id)
    return _tell(database, run_id)


def _lead(db: Session, first: str, last: str, company: str, title: str, industry: str) -> Lead:
    email = f"{address_key(f'{last}@x.example').split('@')[0]}@{company.split(maxsplit=1)[0].lower()}.example"
    lead = Lead(
        email=email,
        address_key=address_key(email),
        domain=email.partition("@")[2],
        first_name=first,
        last_name=last,
        company=company,
        title=title,
        industry=industry,
    )
    db.add(lead)
    db.flush()
    return lead


def _context() -> JobContext:
    return JobContext("try", 0, threading.Event(), lambda: True, time.monotonic())


def _tell(database: Database, run_id: str) -> int:
    with database.reading() as db:
        run = service.shown(db, service.get_run(db, run_id))
        rows, _ = service.items_of(db, run_id, statuses=None, limit=10, after=None)
        for item, lead in rows:
            print(
                f"\n— {lead.first_name} {lead.last_name}, {lead.title} at {lead.company}: {item.status} {item.error or ''}"
            )
            if item.status != "done":
                continue
            for snippet in sequences.snippets_of(db, sequences.of_lead(db, lead.id)[0].id):
                print(f"\n[{snippet.number} {snippet.kind}, day {snippet.day}]\n{snippet.text}")
                for flag in snippet.flags:
                    print(f"  ! {flag['severity']}: {flag['message']}")
    cost = run["cost"]
    print(f"\n{run['counts']['done']} of {run['counts']['total']} written, {run['counts']['flagged']} with flags. ")
    print(f"Cost: {cost['usd']} USD ({cost['input_tokens']} tokens in, {cost['output_tokens']} out)", end="")
    print(f", and up to {cost['uncertain_usd']} USD for lost answers." if float(cost["uncertain_usd"]) else ".")
    if run["reason"]:
        print(run["reason"])
    return 0 if run["counts"]["done"] == run["counts"]["total"] else 1


if __name__ == "__main__":
    sys.exit(main())
