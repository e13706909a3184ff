"""Find tissue by whatever way: by GrandQC's networks here, by all others in ``tissue``. No torch until a network runs."""

import hashlib
import json
import logging
import zipfile
from pathlib import Path

import numpy as np

from e2evit_model.convert.settings import Device
from e2evit_model.errors import OutputError, TissueError
from e2evit_model.files import cache_folder, write_whole
from e2evit_model.grandqc.models import NETWORKS, Network, network_called, require_at_hand
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Slide, SlideInfo
from e2evit_model.tissue import finding
from e2evit_model.tissue.finding import require_tissue
from e2evit_model.tissue.low_power import RASTER_UM, read_low_power
from e2evit_model.tissue.mask import TissueMask
from e2evit_model.tissue.methods import GRANDQC, GRANDQC_METHODS, OTSU

log = logging.getLogger(__name__)

VERSION = 1
"""Raised when the same slide and weights give another mask."""

MOST_PIXELS = 20_000_000
"""At 10 um/px more than a whole glass of 25 x 75 mm: GrandQC is for this resolution alone."""

COARSEST = 1.5
"""Beyond so many times its resolution the network sees something it was not trained on."""


def find_tissue(
    slide: Slide, *, method: str = OTSU, device: Device = Device.AUTO, progress: Progress = silent
) -> TissueMask:
    """Find which part of a slide is tissue.

    Parameters
    ----------
    method
        As :func:`e2evit_model.tissue.finding.find_tissue` takes it, or "grandqc" (tissue alone), "grandqc-artefacts" (without
        folds, dark spots, pen, bubbles and blur, found at 1.5 um/px; with "-1" or "-2" at 1 or 2 um/px).
    device
        Where the networks run.

    Raises
    ------
    TissueError
        When there is no tissue, no such method, a mask file cannot be used, the slide is not for GrandQC, or GrandQC's weights or
        library are not on this machine.
    WeightsError
        When GrandQC's weight file is damaged or another's.
    SlideError, ResolutionError
        When the slide cannot be read, or is too coarse for artefacts.
    """
    if method not in GRANDQC_METHODS:
        return finding.find_tissue(slide, method=method, progress=progress)
    networks = [network_called(GRANDQC)] if method == GRANDQC else [network_called(GRANDQC), network_called(method)]
    _require_fitting(slide.info)
    kept = _kept_file(slide.info, method, networks)
    mask = _read_kept(kept, slide.info, method)
    if mask is None:
        mask = _by_networks(slide, networks, method, device, progress)
        _keep(mask, kept)
    return require_tissue(mask)


def _require_fitting(info: SlideInfo) -> None:
    if info.mpp is None:
        raise TissueError(
            "GrandQC needs the slide's resolution, which the file does not say.",
            hint="Give micrometres per pixel: a 40x scan has about 0.25, a 20x scan about 0.5.",
        )
    if info.mpp > RASTER_UM * COARSEST:
        raise TissueError(
            f"The slide has {info.mpp:.3g} um per pixel, too coarse for GrandQC, which looks at {RASTER_UM:g}.",
            hint="Find tissue by Otsu's method, or use a scan of higher magnification.",
        )


def _by_networks(slide: Slide, networks: list[Network], method: str, device: Device, progress: Progress) -> TissueMask:
    # torch begins here
    from e2evit_model.convert.devices import choose_device
    from e2evit_model.grandqc.artefacts import with_artefacts
    from e2evit_model.grandqc.networks import load_network
    from e2evit_model.grandqc.tissue import tissue_findings

    where = choose_device(device)
    # all of them first: that one is missing is told before the work, not after it
    built = [load_network(network).to(where) for network in networks]
    low_power = read_low_power(slide, most_pixels=MOST_PIXELS, progress=progress)
    findings = tissue_findings(low_power.image, networks[0], built[0], progress=progress)
    mask = TissueMask(findings=findings, downsample=low_power.downsample, mpp=low_power.mpp, method=_name(method))
    for network, one in zip(networks[1:], built[1:], strict=True):
        if mask.tissue.any():
            findings = with_artefacts(slide, mask, network, one, progress=progress)
            mask = TissueMask(findings=findings, downsample=mask.downsample, mpp=mask.mpp, method=mask.method)
    return mask


def _name(method: str) -> str:
    return f"{method} at {' and '.join(f'{mpp:g}' for mpp in dict.fromkeys((RASTER_UM, NETWORKS[method].mpp)))} um/px"


def _kept_file(info: SlideInfo, method: str, networks: list[Network]) -> Path:
    from e2evit_model.convert.weights import weights_sha256

    weights = [weights_sha256(require_at_hand(network)) for network in networks]
    key = json.dumps([VERSION, info.fingerprint, info.mpp, method, weights])
    return cache_folder() / "masks" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"


def _read_kept(path: Path, info: SlideInfo, method: str) -> TissueMask | None:
    """Read a mask that was found before: minutes of work on a CPU."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            findings, downsample = kept["findings"], float(kept["downsample"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        log.debug("a kept mask cannot be read: %s", error)
        return None
    if findings.ndim != 2 or findings.dtype != np.uint8 or info.mpp is None:
        return None
    log.info("The tissue was found before by the same networks")
    return TissueMask(findings=findings, downsample=downsample, mpp=info.mpp * downsample, method=_name(method))


def _keep(mask: TissueMask, path: Path) -> None:
    try:
        with write_whole(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, findings=mask.findings, downsample=np.float64(mask.downsample))
    except OutputError as error:
        log.debug("the mask is not kept: %s", error)
