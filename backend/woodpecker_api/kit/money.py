"""Money is whole micro-dollars inside and a decimal string with six places outside."""

from decimal import ROUND_HALF_UP, Decimal

MICROS_PER_USD = 1_000_000
_MAX_USD = 1_000_000_000_000
"""A thousand times a thousand million: nobody means more, and it fits the columns."""


def usd_text(micros: int) -> str:
    """1_500_000 → "1.500000"."""
    return f"{Decimal(micros) / MICROS_PER_USD:.6f}"


def usd_micros(amount: str | float | Decimal) -> int:
    """ "1.5" or 1.5 → 1_500_000, half a micro-dollar rounded up. Raises ValueError for what is no amount."""
    try:
        value = Decimal(str(amount))
    except ArithmeticError as error:
        raise ValueError(f"{amount!r} is not an amount of money") from error
    if not value.is_finite() or not -_MAX_USD <= value <= _MAX_USD:
        raise ValueError(f"{amount!r} is not an amount of money")
    return int((value * MICROS_PER_USD).to_integral_value(ROUND_HALF_UP))
