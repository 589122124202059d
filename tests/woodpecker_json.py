"""JSON of any shape that uses the vendor's own names, for readers that must not stumble."""

from hypothesis import strategies as st

_NAMES = (
    "prospects", "prospect", "prospect_campaign", "status", "email", "id", "code", "msg", "message", "content",
    "campaigns_details", "campaign_id", "steps", "followup", "followup_after", "body", "versions", "stats", "emails",
    "total", "last_contacted", "snippet1", "delivery_time", "range", "value", "interest_level",
)  # fmt: skip

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["ERROR", "OK", "DUPLICATE", "E_EMAIL", "DAY", "START", "a@x.example", "5"])
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
    max_leaves=25,
)
