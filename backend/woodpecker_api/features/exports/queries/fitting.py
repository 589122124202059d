"""What a campaign's fit is decided from."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import CampaignChecklist
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.system.auth.models import User


def checklist_of(db: Session, campaign_id: str, template_version_id: str) -> CampaignChecklist | None:
    return db.scalar(
        sa.select(CampaignChecklist).where(
            CampaignChecklist.campaign_id == campaign_id,
            CampaignChecklist.template_version_id == template_version_id,
        )
    )


def versions_with_templates(db: Session, ids: Collection[str]) -> Sequence[tuple[Template, TemplateVersion]]:
    statement = (
        sa.select(Template, TemplateVersion)
        .join(TemplateVersion, TemplateVersion.template_id == Template.id)
        .where(TemplateVersion.id.in_(ids))
        .order_by(Template.name, TemplateVersion.number)
    )
    return [(row[0], row[1]) for row in db.execute(statement)]


def address_of_user(db: Session, user_id: str | None) -> str | None:
    return db.scalar(sa.select(User.email).where(User.id == user_id)) if user_id else None
