"""The support–challenge map in one language: its shapes, and the same in words."""

from assistant.languages import Catalogue
from assistant.meetings.balance_map import COMPARED, BalanceMap, Placement
from assistant.meetings.map_layout import MapLayout, lay_out_map
from assistant.value_class import value_class


@value_class
class PlacedInWords:
    """A placement in words."""

    name: str
    is_own: bool
    """Whether the name is the user's own words."""
    said: str


@value_class
class MapDrawing:
    """The drawing with everything that is written on it and under it."""

    layout: MapLayout
    what: str
    """What the centre and the arrows mean."""
    less_support: str
    more_support: str
    less_challenge: str
    more_challenge: str
    now: str
    """The name of the centre; empty if the levels are not compared with now."""
    drawn: tuple[PlacedInWords, ...]
    """The names in the drawing, in its order."""
    not_drawn: tuple[PlacedInWords, ...]


def draw_map(found: BalanceMap, catalogue: Catalogue) -> MapDrawing | None:
    """Draw the map; None if there is nothing to draw."""
    if not found.drawn:
        return None
    drawn = tuple(in_words(placement, catalogue) for placement in found.drawn)
    is_compared = found.scale == COMPARED
    cells = [placement.cell for placement in found.drawn if placement.cell is not None]
    least, _, most = found.scale
    return MapDrawing(
        lay_out_map(
            [(one.name, cell) for one, cell in zip(drawn, cells, strict=True)], with_arrows=is_compared
        ),
        catalogue.say("map.what_now" if is_compared else "map.what_first"),
        catalogue.say(f"map.{least}_support"),
        catalogue.say(f"map.{most}_support"),
        catalogue.say(f"map.{least}_challenge"),
        catalogue.say(f"map.{most}_challenge"),
        catalogue.say("map.now") if is_compared else "",
        drawn,
        tuple(in_words(placement, catalogue) for placement in found.not_drawn),
    )


def in_words(placement: Placement, catalogue: Catalogue) -> PlacedInWords:
    """Say where a topic is placed."""
    sides = (("support", placement.support), ("challenge", placement.challenge))
    said = ", ".join(catalogue.say(f"map.{level}_{side}") for side, level in sides if level is not None)
    match placement.topic:
        case str() as own:
            return PlacedInWords(own, True, said)
        case None:
            return PlacedInWords(
                catalogue.say("map.general" if placement.is_general else "map.a_topic"), False, said
            )
        case wording:
            return PlacedInWords(wording.in_(catalogue.language), False, said)
