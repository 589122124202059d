"""What Claude costs, as a dated table. A model that is not in it has no known price: no budget can be kept with it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

CACHE_WRITE, CACHE_WRITE_HOUR, CACHE_READ = Fraction(5, 4), Fraction(2), Fraction(1, 10)
"""Times the input price: kept for five minutes, kept for an hour, read again."""
BATCH = Fraction(1, 2)


@dataclass(frozen=True)
class Price:
    """Micro-dollars a token (which is dollars a million tokens), from `since` on.

    Above `long_above` tokens of prompt everything costs `long_factor` times as much.
    """

    model: str
    since: date
    input: Fraction
    output: Fraction
    long_above: int | None = None
    long_factor: int = 1


CHECKED_ON = date(2026, 11, 22)
"""When a person last compared this table with the vendor's price list."""

PRICES: tuple[Price, ...] = (
    Price("claude-fable-5-1", date(2026, 1, 1), Fraction(10), Fraction(50)),
    Price("claude-opus-5-5", date(2026, 1, 1), Fraction(4), Fraction(20)),
    Price("claude-sonnet-5-5", date(2026, 1, 1), Fraction(2), Fraction(10)),
    Price("claude-haiku-5-5", date(2026, 1, 1), Fraction(1, 10), Fraction(1, 2), long_above=100_000, long_factor=5),
)


@dataclass(frozen=True)
class Tokens:
    """As billed: `input` without both cache figures; `cache_write` includes `cache_write_hour`; `output` with thinking."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_write_hour: int = 0
    cache_read: int = 0

    @property
    def prompt(self) -> int:
        return self.input + self.cache_write + self.cache_read


def price_of(model: str, on: date) -> Price | None:
    """The newest price from before `on`, also for a dated name (`claude-x-20260101`); None when there is none."""
    known = [price for price in PRICES if _is_same(model, price.model) and price.since <= on]
    return max(known, key=lambda price: price.since, default=None)


def _is_same(model: str, name: str) -> bool:
    rest = model.removeprefix(name)
    return model.startswith(name) and (rest == "" or (len(rest) == 9 and rest[0] == "-" and rest[1:].isdigit()))


def cost_micros(price: Price, tokens: Tokens, *, batch: bool = False) -> int:
    """Micro-dollars, rounded up."""
    factor = price.long_factor if price.long_above is not None and tokens.prompt > price.long_above else 1
    inputs = (
        tokens.input
        + (tokens.cache_write - tokens.cache_write_hour) * CACHE_WRITE
        + tokens.cache_write_hour * CACHE_WRITE_HOUR
        + tokens.cache_read * CACHE_READ
    )
    total = factor * (inputs * price.input + tokens.output * price.output)
    return ceil(total * BATCH if batch else total)


def worst_case_micros(price: Price, prompt_bytes: int, max_tokens: int, *, batch: bool = False) -> int:
    """What one call can cost at most: a token for each byte, all of it written to the cache, the whole answer used."""
    overhead = 2_000  # the vendor's own words around a structured answer
    tokens = Tokens(cache_write=prompt_bytes + overhead, output=max_tokens)
    return cost_micros(price, tokens, batch=batch)
