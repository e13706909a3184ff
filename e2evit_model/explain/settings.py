"""What a user may choose for an occlusion map; no torch here."""

from dataclasses import dataclass

from e2evit_model.options import Options, option

DEFAULT_MOST_SQUARES = 64


@dataclass(frozen=True, kw_only=True)
class OcclusionSettings(Options):
    """How the tissue is cut into the squares that are left out one after the other."""

    side: int | None = option(
        None,
        label="Side of a square",
        unit="tiles",
        minimum=1,
        maximum=1000,
        help="Tiles along a square that is left out; when nothing is said, as few as the number of squares allows.",
    )
    squares: int = option(
        DEFAULT_MOST_SQUARES,
        label="Squares at most",
        minimum=2,
        maximum=100_000,
        help="The model runs once for each square. Ignored where the side of a square is given.",
    )
