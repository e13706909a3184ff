"""Settings say their fields once, and refuse what is outside their limits."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from e2evit_model.errors import OptionError
from e2evit_model.options import Options, describe, option


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Inner(Options):
    depth: int = option(3, label="Depth", help="How deep.", minimum=1, maximum=9)


@dataclass(frozen=True, kw_only=True)
class Outer(Options):
    rate: float = option(0.5, label="Rate", unit="um", help="How much.", minimum=0.1, maximum=2)
    colour: Colour = option(Colour.RED, label="Colour", help="Which colour.")
    limit: int | None = option(None, label="Limit", help="How many.", minimum=1)
    fast: bool = option(True, label="Fast", help="Whether it is fast.")
    inner: Inner = Inner()


def test_describes_every_option_once_in_order() -> None:
    found = describe(Outer)
    assert [(i.name, i.kind, i.optional, i.choices) for i in found] == [
        ("rate", float, False, ()),
        ("colour", Colour, False, ("red", "green")),
        ("limit", int, True, ()),
        ("fast", bool, False, ()),
    ]
    assert found[0].flag == "--rate"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rate": 3}, "Rate is 3 um, but must be between 0.1 and 2 um."),
        ({"rate": float("nan")}, "Rate is not a number."),
        ({"rate": "much"}, "Rate cannot be 'much'."),
        ({"rate": None}, "Rate is missing."),
        ({"limit": 0}, "Limit is 0, but must be at least 1."),
        ({"limit": True}, "Limit cannot be True."),
        ({"fast": 1}, "Fast cannot be 1."),
        ({"colour": "gren"}, 'Colour cannot be "gren".'),
    ],
)
def test_limits_are_checked_on_construction(values: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        Outer(**values)  # type: ignore[arg-type]
    assert caught.value.message == message


def test_suggests_the_choice_that_was_meant() -> None:
    with pytest.raises(OptionError) as caught:
        Outer(colour="gren")  # type: ignore[arg-type]
    assert caught.value.hint == 'Did you mean "green"?'


def test_a_whole_number_serves_as_a_float_and_a_name_as_an_enum() -> None:
    settings = Outer(rate=1, colour="green")  # type: ignore[arg-type]
    assert isinstance(settings.rate, float)
    assert settings.colour is Colour.GREEN


def test_record_round_trip_keeps_nested_settings() -> None:
    settings = Outer(rate=0.25, limit=7, inner=Inner(depth=5))
    record = settings.to_record()
    assert record == {"rate": 0.25, "colour": "red", "limit": 7, "fast": True, "inner": {"depth": 5}}
    assert Outer.from_record(record) == settings


def test_a_record_with_an_unknown_option_is_refused() -> None:
    with pytest.raises(OptionError) as caught:
        Outer.from_record({"rates": 1.0})
    assert caught.value.message == 'The option "rates" is not known.'
    assert caught.value.hint == 'Did you mean "rate"?'
