"""Prepared tokens on disk: what the first blocks made of each tile of a slide, computed once and read at every epoch.

Beside the prepared strips, and like them never evicted while a run may need them.
"""

from e2evit_model.errors import CacheError
from e2evit_model.files import write_whole
from e2evit_model.strip.token_file import read_tokens, write_tokens
from e2evit_model.training.prepared_files import PREPARE_AGAIN, PreparedSlides, prepared_path
from e2evit_model.training.strips import TokenStrip


def write_token_strip(key: str, strip: TokenStrip) -> None:
    """Write tokens with the places of their tiles, whole or not at all; the file does not hold the slide's name.

    Raises
    ------
    OutputError
        When they cannot be written.
    """
    record = {"mpp": strip.mpp, "tile_px": strip.tile_px, "fingerprint": strip.fingerprint}
    with write_whole(prepared_path(key)) as temporary:
        write_tokens(temporary, strip.tokens, record=record, more={"columns": strip.columns, "rows": strip.rows})


def read_token_strip(key: str, slide_id: str) -> TokenStrip:
    """Read the tokens of a slide; where every patch is kept, they stay on disk until they are used.

    Raises
    ------
    CacheError
        When the file is missing or damaged.
    """
    try:
        tokens, record, more = read_tokens(prepared_path(key))
        return TokenStrip(
            slide_id=slide_id,
            tokens=tokens,
            columns=more["columns"],
            rows=more["rows"],
            mpp=record["mpp"],
            tile_px=record["tile_px"],
            fingerprint=record["fingerprint"],
        )
    except FileNotFoundError as error:
        raise CacheError(f'What was prepared of the slide "{slide_id}" is gone.', hint=PREPARE_AGAIN) from error
    except (CacheError, OSError, KeyError) as error:
        raise CacheError(f'What was prepared of the slide "{slide_id}" is damaged.', hint=PREPARE_AGAIN) from error


class PreparedTokens(PreparedSlides):
    """The prepared tokens of a cohort."""

    def load(self, slide_id: str) -> TokenStrip:
        """Load the tokens of one slide.

        Raises
        ------
        TrainingError
            When the slide was not prepared.
        CacheError
            When its file is gone or damaged.
        """
        return read_token_strip(self.key_of(slide_id), slide_id)
