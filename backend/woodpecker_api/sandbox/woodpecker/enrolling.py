"""Adding, updating, removing: what the vendor does with whom."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from woodpecker_api.sandbox.woodpecker.account import WRITABLE, Enrolment, Prospect, WoodpeckerAccount, same_person
from woodpecker_api.sandbox.woodpecker.ledger import Ledger

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IN_CAMPAIGN = frozenset({"ACTIVE", "PAUSED", "TO-REVIEW", "TO-CHECK"})
_ROW_KEYS = WRITABLE | {"email", "status", "interested"}
MAX_ROWS = 20_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Adding:
    """An add request after its outer shape was checked."""

    campaign_id: int | None
    """None: only into the account."""
    update: bool
    force: bool
    send_after: str
    rows: tuple[Mapping[str, Any], ...]


def add(account: WoodpeckerAccount, ledger: Ledger, adding: Adding, now: str, refuse_every: int = 0) -> Row:
    """Apply a request and give the answer. `refuse_every` n makes each n-th row fail, as in a partly failed batch."""
    answers = []
    for place, row in enumerate(adding.rows, start=1):
        ledger.unknown_keys.update(key for key in row if key not in _ROW_KEYS)
        if refuse_every and place % refuse_every == 0:
            answers.append(_refusal(str(row.get("email", "")), "E_UNKNOWN", "Prospect could not be saved"))
        else:
            answers.append(_add_row(account, ledger, adding, row, now))
    campaign = account.campaigns.get(adding.campaign_id) if adding.campaign_id else None
    accepted = [answer for answer in answers if answer["status"] != "ERROR"]
    if campaign is not None and campaign.status == "COMPLETED" and accepted:
        campaign.status = "RUNNING"
    ledger.saw_request(
        {
            "kind": "add",
            "at": now,
            "campaign_id": adding.campaign_id,
            "campaign_status": campaign.status if campaign else None,
            "update": adding.update,
            "force": adding.force,
            "send_after": adding.send_after,
            "emails": [str(row.get("email", "")) for row in adding.rows],
        }
    )
    if accepted or not answers:
        return {"prospects": answers, "status": {"status": "OK", "code": "OK", "msg": "OK"}}
    failed = {"status": "ERROR", "code": "E_INV_STATUS", "msg": "None of the requested prospects were added"}
    return {"prospects": answers, "status": failed}


def remove(account: WoodpeckerAccount, ledger: Ledger, ids: Iterable[int], campaigns: list[int], now: str) -> None:
    """Take people out of these campaigns, or out of the account when none is named. Unknown ids are passed over."""
    touched = [account.prospects[number] for number in ids if number in account.prospects]
    for prospect in touched:
        for campaign_id in campaigns or list(prospect.enrolments):
            if campaign_id in prospect.enrolments:
                ledger.left(campaign_id, same_person(prospect.email))
                account.leave(prospect, campaign_id, now)
        if not campaigns:
            account.delete(prospect)
    ledger.saw_request(
        {"kind": "remove", "at": now, "campaigns": campaigns, "emails": [prospect.email for prospect in touched]}
    )


def _add_row(account: WoodpeckerAccount, ledger: Ledger, adding: Adding, row: Mapping[str, Any], now: str) -> Row:
    email = row.get("email")
    if not isinstance(email, str) or not _ADDRESS.fullmatch(email.strip()):
        return _refusal(str(email or ""), "E_EMAIL", "Wrong e-mail address")
    if adding.campaign_id is not None:
        ledger.saw_row(adding.campaign_id, same_person(email))
    known = account.find(email)
    prospect = known or account.create(email, now)
    inside = adding.campaign_id in prospect.enrolments
    if prospect.status != "ACTIVE" and not adding.force and not inside:
        return _refusal(email, "E_INV_STATUS", f"Prospect has status {prospect.status}", prospect.id)
    if known is None or adding.update:
        _write(prospect, row, now)
    if adding.campaign_id is not None:
        _enrol(prospect, adding, row, now)
        if not inside:
            ledger.enrolled(adding.campaign_id, same_person(email))
    account.keep(prospect)
    return {
        "email": email,
        "id": prospect.id,
        "prospect": "DUPLICATE" if known else None,
        "prospect_campaign": "DUPLICATE" if inside else None,
        "status": None,
        "code": None,
        "msg": None,
    }


def _enrol(prospect: Prospect, adding: Adding, row: Mapping[str, Any], now: str) -> None:
    assert adding.campaign_id is not None
    status = str(row.get("status", "")).upper()
    present = prospect.enrolments.get(adding.campaign_id)
    if present is None:
        enrolment = Enrolment(status=status if status in _IN_CAMPAIGN else "ACTIVE", send_after=adding.send_after)
        prospect.enrolments[adding.campaign_id] = enrolment
        prospect.updated = now
    elif adding.update:
        present.status = status if status in _IN_CAMPAIGN else present.status
        present.send_after = adding.send_after or present.send_after


def _write(prospect: Prospect, row: Mapping[str, Any], now: str) -> None:
    """Only the keys that were sent change; an empty text clears; tags are united."""
    for key, value in row.items():
        if key not in WRITABLE or not isinstance(value, str):
            continue
        if key == "tags" and value:
            stored = prospect.values.get("tags", "").split()
            value = " ".join(dict.fromkeys([*stored, *value.split()]))  # noqa: PLW2901 - united, then written
        prospect.values[key] = value
    prospect.updated = now


def _refusal(email: str, code: str, message: str, number: int | None = None) -> Row:
    row: Row = {"email": email, "prospect": None, "prospect_campaign": None}
    row |= {"status": "ERROR", "code": code, "msg": message}
    return row if number is None else {**row, "id": number}
