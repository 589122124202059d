"""Files that hypothesis makes, through the API: nothing fails, no value comes out wrong, every row that stays out says why.

CI tries 40 of them; 500 by hand:

    MADE_FILES=500 .venv/bin/pytest -q tests/features/imports/test_made_files.py
"""

import csv
import io
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.features.imports.desk import Desk
from tests.features.imports.lists import List, a_list
from tests.features.imports.rules.test_presets import FIELD_COLUMNS
from tests.fixtures.make_leads_csv import COL, INVALID_EMAILS
from woodpecker_api.features.imports.rules.cleaning import cleaned

MADE_FILES = int(os.environ.get("MADE_FILES", "40"))
# What the generator puts into cells of these kinds has no place in that code page.
BEYOND_CP1252 = ("unicode", "formula", "controls")


def rates(*tops: float) -> st.SearchStrategy[float]:
    return st.sampled_from((0.0, 0.0, *tops))


some_options = st.fixed_dictionaries(
    {
        "rows": st.integers(1, 40),
        "seed": st.integers(1, 10_000),
        "encoding": st.sampled_from(["utf-8", "utf-8-bom", "utf-16", "utf-16-be", "utf-16-le-nobom", "cp1252"]),
        "delimiter": st.sampled_from(["comma", "semicolon", "tab", "pipe"]),
        "newline": st.sampled_from(["crlf", "lf", "cr", "mixed"]),
        "cell_newline": st.sampled_from(["lf", "crlf", "cr"]),
        "final_newline": st.booleans(),
        "header": st.sampled_from(["normal", "messy", "alias", "dup-email", "blank"]),
        "preamble": st.integers(0, 2),
        "footer": st.integers(0, 2),
        "extra_columns": st.sampled_from([0, 0, 1, 30]),
        "quote_all": st.booleans(),
        "nul": st.integers(0, 2),
        "snippets": rates(0.3),
        "duplicates": rates(0.4),
        "invalid_emails": rates(0.3, 0.9),
        "missing": rates(0.3),
        "formula": rates(0.5),
        "html": rates(0.5),
        "unicode": rates(0.5),
        "controls": rates(0.3),
        "accents": rates(0.5),
        "ragged": rates(0.4),
        "blank_lines": rates(0.3),
        "stray_quote": rates(0.3),
    }
)


@pytest.mark.timeout(60 + 5 * MADE_FILES)
# Without shrinking: files that are made smaller step by step take minutes, and the options tell enough.
@settings(max_examples=MADE_FILES, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
@given(some_options)
def test_any_file_comes_in_as_it_was_meant_and_says_what_stays_out(desk: Desk, options: dict[str, Any]) -> None:
    if options["encoding"] == "cp1252":
        options |= dict.fromkeys(BEYOND_CP1252, 0.0)
    note(str(options))
    made = a_list(**options)
    shown = desk.upload(made.data)
    assert shown["row_count"] == made.facts["rows"]
    desk.start(shown["id"])
    done = desk.finish(shown["id"])
    try:
        _assert_as_meant(desk, _usable(made)[0])
        _assert_all_accounted_for(desk, done, made)
    finally:  # the next file meets an empty house
        assert desk.client.post(f"/api/imports/{shown['id']}/undo").status_code == 200
    assert desk.leads() == []


def _usable(made: List) -> tuple[dict[str, list[str]], int]:
    """The first row of each address as it should come out, and how many rows have none that could be used.

    The generator counts an address as bad before it may put a letter before it, which makes one of them good.
    """
    first: dict[str, list[str]] = {}
    bad = 0
    for meant in made.meant:
        cells, _ = cleaned(meant, "".join(meant), odd=True)
        email = cells[COL["Email"]]
        bare = email.removeprefix("李")
        if not email or (bare in INVALID_EMAILS and email != "李@no-local.example"):
            bad += 1
        else:
            first.setdefault(email.lower(), cells)
    return first, bad


def _assert_as_meant(desk: Desk, usable: dict[str, list[str]]) -> None:
    leads = {lead["email"].lower(): lead for lead in desk.leads()}
    assert set(leads) == set(usable)
    for key, cells in usable.items():
        lead = leads[key]
        for field, column in FIELD_COLUMNS.items():
            assert lead[field] == " ".join(cells[COL[column]].split("\n")), column
        assert lead["linkedin_url"] in (cells[COL["LinkedIn URL"]], "")  # a link that a browser would run is set aside
        assert lead["custom"]["company_nickname"] == cells[COL["Company Nickname"]]
        assert lead["custom"]["send_status"] == cells[COL["Send status"]]


def _assert_all_accounted_for(desk: Desk, done: dict[str, Any], made: List) -> None:
    usable, bad = _usable(made)
    counts = done["counts"]
    assert (counts["created"], counts["rejected"]) == (len(usable), bad)
    assert counts["created"] + counts["skipped"] + counts["rejected"] == made.facts["rows"]
    told = desk.client.get(f"/api/imports/{done['id']}/rejects.csv").content.decode("utf-8-sig")
    first, *refused = csv.reader(io.StringIO(told, newline=""))
    assert len(refused) == counts["skipped"] + counts["rejected"]
    assert all(row[0].isdigit() and len(row[1]) > 10 for row in refused), first
