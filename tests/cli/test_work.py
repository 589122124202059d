"""The main job by command, each command a program of its own on the same data."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.conftest import ADMIN, Shell

LIST = (
    "Email;First Name;Surname;Company;Job\n"
    "ann@acme.example;Ann;Ames;Acme;Head of Learning\n"
    "bob@byte.example;Bob;Bell;Byte;HR Director\n"
    "not an address;Cy;Cole;Cube;CEO\n"
)


def test_from_a_list_to_history(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text(LIST)
    imported = shell.json("import", str(file), "--note", "met at a fair")
    assert imported["status"] == "committed"
    assert imported["counts"]["created"] == 2
    assert imported["counts"]["rejected"] == 1

    assert shell.json("generate", "--dry-run")["leads"] == 2
    run = shell.json("generate", "--import", imported["id"], "--budget-usd", "5")
    assert (run["status"], run["counts"]["done"]) == ("completed", 2)

    approved = shell.json("approve", "--import", imported["id"])
    assert approved["changed"] + sum(approved["passed_over"].values()) == 2

    campaign = _quiet_campaign(shell)
    plan = shell.json("export", "--campaign", campaign, "--dry-run")
    assert plan["counts"]["new"] == approved["changed"]
    done = shell.json("export", "--campaign", campaign)
    assert (done["status"], done["counts"]["added"]) == ("completed", approved["changed"])

    attempts = shell.json("history", "--email", "ann@acme.example")["items"]
    assert [(a["status"], a["user"]) for a in attempts] == [("added", "Ada")]
    assert "ann@acme.example" in shell.text("history")
    assert shell.json("history", "--email", "nobody@acme.example")["items"] == []


def test_an_import_says_what_became_of_each_row(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text(LIST)
    said = shell.text("import", str(file))
    assert "created 2, updated 0, skipped 0, rejected 1" in said
    assert "line 4" in said
    again = shell.text("import", str(file))
    assert "created 0, updated 0, skipped 2, rejected 1" in again


def test_a_mapping_by_hand_wins_over_what_was_recognised(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text("A,B,C\nann@acme.example,Ann,Acme\n")
    mapping = json.dumps({"A": "email", "B": "first_name", "C": "company"})
    assert shell.json("import", str(file), "--mapping", mapping)["counts"]["created"] == 1


def test_a_file_that_is_no_list_is_refused_with_the_reason(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_bytes(b"")
    answer = shell.json("import", str(file), status=1)
    assert answer["error"]["detail"]


def test_an_export_that_would_mail_asks_for_the_word(shell: Shell):
    answer = shell.json("export", "--campaign", "no-such-campaign", status=1)
    assert answer["error"]["code"] == "not_found"


def test_an_export_may_say_before_when_nobody_is_mailed(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text(LIST)
    shell.json("import", str(file))
    campaign = _quiet_campaign(shell)
    day = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
    plan = shell.json("export", "--campaign", campaign, "--dry-run", "--send-after", day.isoformat())
    assert datetime.fromisoformat(plan["send_after"]) == day
    midnight = day.date().isoformat()
    said = shell.text("export", "--campaign", campaign, "--dry-run", "--send-after", midnight)
    assert "mailed no earlier than" in said
    past = shell.json("export", "--campaign", campaign, "--dry-run", "--send-after", "2020-01-01", status=1)
    assert past["error"]["errors"][0]["field"] == "send_after"
    shell.text("export", "--campaign", campaign, "--send-after", "next week", status=2)


def test_acting_as_somebody_is_on_record(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text(LIST)
    imported = shell.json("import", str(file), "--as", ADMIN)
    assert imported["created_by"] == {user["email"]: user["id"] for user in shell.json("users", "list")["items"]}[ADMIN]


def test_a_first_one_now_and_the_others_as_a_batch(shell: Shell, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text(LIST)
    shell.json("import", str(file))
    estimate = shell.text("generate", "--dry-run")
    assert "2 leads with" in estimate
    assert "now: about" in estimate
    assert "as a batch: about" in estimate

    tried = shell.json("generate", "--first", "1", "--instruction", "Mention the fair.", "--effort", "high")
    assert (tried["mode"], tried["counts"]["total"], tried["instruction"]) == ("live", 1, "Mention the fair.")
    assert tried["effort"] == "high"

    others = shell.json("generate", "--batch")
    assert (others["mode"], others["status"], others["counts"]["done"]) == ("batch", "completed", 1)
    # Both have texts of nearly the same length, and a batch costs half.
    assert 0 < float(others["cost"]["usd"]) < 0.8 * float(tried["cost"]["usd"])


def test_an_effort_that_no_model_knows_is_refused_before_anything_is_asked(shell: Shell):
    refused = shell("generate", "--effort", "heroic")
    assert refused.exit_code == 2
    assert "xhigh" in refused.output, "the sentence says what may be chosen"


def _quiet_campaign(shell: Shell) -> str:
    """One of the simulator's that mails nobody when it is filled."""
    from woodpecker_api.cli.local import Local, open_program
    from woodpecker_api.cli.work import refresh_campaigns
    from woodpecker_api.config import load_settings

    with open_program(working=True, settings=load_settings(shell.environ)) as program:
        campaigns = refresh_campaigns(Local.as_user(program, None))
    return next(campaign["id"] for campaign in campaigns if campaign["mails_on_enrol"] == "no")
