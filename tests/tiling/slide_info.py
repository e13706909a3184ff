"""What is known of slides that exist in tests only."""

from e2evit_model.slides.protocol import Level, SlideInfo


def info_of(width, height, *, mpp=0.5, downsamples=(1,)):
    """Return what is known of a slide of a size and resolution."""
    levels = tuple(Level(width=width // f, height=height // f, downsample=float(f)) for f in downsamples)
    return SlideInfo(
        width=width,
        height=height,
        levels=levels,
        mpp=mpp,
        mpp_source="" if mpp is None else "file",
        format="test",
        reader="test",
        fingerprint="00",
    )
