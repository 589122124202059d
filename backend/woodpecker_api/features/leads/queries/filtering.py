"""The list's filters as SQL."""

import json
from typing import Any

import sqlalchemy as sa

from woodpecker_api.features.campaigns.models import Campaign, Membership
from woodpecker_api.features.leads.models import RESTORABLE, VISIBLE, Lead
from woodpecker_api.features.leads.rules import fold
from woodpecker_api.features.leads.rules.selection import LeadFilter

Conditions = list[sa.ColumnElement[bool]]


def conditions(wanted: LeadFilter, user_id: str | None) -> Conditions:
    """`user_id` is who "me" is."""
    found = list(RESTORABLE if wanted.deleted else VISIBLE)
    if wanted.q and (words := fold(wanted.q).split()):
        found += [_contains(Lead.search_text, word) for word in words]
    if wanted.status:
        found.append(Lead.status.in_([status.value for status in wanted.status]))
    if wanted.owner is not None:
        found.append(_owned(wanted.owner, user_id))
    if wanted.import_id is not None:
        found.append(Lead.import_id == wanted.import_id)
    if wanted.company:
        found.append(_contains(Lead.company_sort, fold(wanted.company)))
    if wanted.title:
        # search_text ends with the title, so it says quickly and without case who may match at all.
        found += [
            _contains(Lead.search_text, fold(wanted.title)),
            _contains(sa.func.lower(Lead.title), wanted.title.lower()),
        ]
    if wanted.campaign_id is not None:
        found.append(_in_campaign(wanted.campaign_id))
    if wanted.tag:
        found.append(_contains(sa.cast(Lead.tags, sa.Text), _as_json(wanted.tag)))
    for key, value in (wanted.custom or {}).items():
        stored = Lead.custom[key].as_string()
        found.append(stored == value if value else sa.and_(stored.is_not(None), stored != ""))
    return found


def _owned(owner: str, user_id: str | None) -> sa.ColumnElement[bool]:
    if owner == "none":
        return Lead.owner_id.is_(None)
    return Lead.owner_id == (user_id if owner == "me" else owner)


def _in_campaign(campaign_id: str) -> sa.ColumnElement[bool]:
    return Lead.address_key.in_(
        sa.select(Membership.address_key)
        .join(
            Campaign,
            sa.and_(
                Campaign.vendor_id == Membership.campaign_vendor_id,
                Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
            ),
        )
        .where(Campaign.id == campaign_id)
    )


def _contains(column: Any, text: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = column.contains(text, autoescape=True)
    return found


def _as_json(tag: str) -> str:
    """As the tag stands in the stored list: SQLAlchemy writes JSON in ASCII."""
    return json.dumps(tag)
