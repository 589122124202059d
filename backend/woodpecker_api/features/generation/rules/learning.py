"""What came of a template version, as figures that can be compared, and when they say too little."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from statistics import median

ENOUGH_MAILED = 100
"""Of fewer, one reply more or less moves the share by more than versions usually differ."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Learned:
    """`written`: sequences whose texts come from this version now. Money is of all calls made for it, answered leads only count."""

    template_id: str
    template_name: str
    version: int
    session_only: bool
    made_at: datetime
    written: int = 0
    approved: int = 0
    approved_unedited: int = 0
    rejected: int = 0
    edited_words: float | None = None
    micros: int = 0
    answered: int = 0
    mailed: int = 0
    replied: int = 0
    bounced: int = 0

    @property
    def unedited_share(self) -> float | None:
        """Of those decided upon: a rejected text is a worse answer than an edited one."""
        return _share(self.approved_unedited, self.approved + self.rejected)

    @property
    def micros_per_lead(self) -> int | None:
        return round(self.micros / self.answered) if self.answered else None

    @property
    def too_few(self) -> bool:
        return self.mailed < ENOUGH_MAILED

    @property
    def reply_share(self) -> float | None:
        return None if self.too_few else _share(self.replied, self.mailed)

    @property
    def bounce_share(self) -> float | None:
        return None if self.too_few else _share(self.bounced, self.mailed)


def changed_share(pairs: Iterable[tuple[str, str]]) -> float:
    """The share of words of a sequence that are not as the model wrote them; `pairs`: (original, present) of its texts."""
    changed = total = 0
    for original, present in pairs:
        before, after = _WORD.findall(original), _WORD.findall(present)
        same = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
        longer = max(len(before), len(after))
        changed, total = changed + longer - same, total + longer
    return changed / total if total else 0.0


def usual_share(shares: Iterable[float]) -> float | None:
    """The middle one: a single rewritten sequence does not stand for all."""
    found = list(shares)
    return round(median(found), 4) if found else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
