"""Late merging: how often a region of real tissue is found again after turning and another stain, by the block of merging.

``python -m tests.proofs.finding_regions --data FOLDER --weights FILE [--backbone ID] [--merge-after 0,1,2,4,6,8,10] [--json FILE]``
cuts 96 regions of 3 x 3 tiles out of the H&E pictures of the data folder, makes a second view of each (turned by one to three
quarters, so that its tiles come in another order, and each stain stronger or weaker), and lets the program analyze all 192 as
slides of their own. A region is found when, of all first views, its own is the most similar to its second view (cosine), by
CLS and by the mean of the tile tokens. Chance is 1 of 96; the interval is Wilson's. Set OMP_NUM_THREADS=1 on a busy machine.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import hed2rgb, rgb2hed

from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice

REGIONS, SIDE_PX, MPP = 96, 3 * 224, 0.5
FEWEST_COLORED = 0.5
STRONGEST = 1.3
"""Each stain is multiplied by 1 / 1.3 to 1.3."""
PICTURES = ("regions/*.png", "regions/*.jp*g", "sections/*.jpg")


def tissue_share(pixels):
    """Return the share of pixels with a color, as tissue has it and glass has not."""
    return float((np.ptp(pixels.astype(np.int16), axis=-1) > 20).mean())


def squares(path):
    """Return the squares of a picture that lie side by side and hold tissue."""
    picture = np.asarray(Image.open(path).convert("RGB"))
    found = []
    for y in range(0, picture.shape[0] - SIDE_PX + 1, SIDE_PX):
        for x in range(0, picture.shape[1] - SIDE_PX + 1, SIDE_PX):
            square = picture[y : y + SIDE_PX, x : x + SIDE_PX]
            if tissue_share(square) >= FEWEST_COLORED:
                found.append(square)
    return found


def choose_regions(data, random):
    """Return 96 squares, as many from each picture as there are, in turn."""
    paths = sorted(path for pattern in PICTURES for path in data.glob(pattern))
    left = {path: squares(path) for path in paths}
    for found in left.values():
        random.shuffle(found)
    chosen = []
    while len(chosen) < REGIONS and any(left.values()):
        chosen += [found.pop() for found in left.values() if found]
    if len(chosen) < REGIONS:
        raise SystemExit(f"Only {len(chosen)} regions of {SIDE_PX} px hold tissue in {data}, {REGIONS} are needed.")
    return chosen[:REGIONS]


def second_view(square, random):
    """Turn a region and change how strongly each of its stains took."""
    hed = rgb2hed(np.rot90(square, random.integers(1, 4)))
    hed *= STRONGEST ** random.uniform(-1, 1, size=3)
    return np.rint(np.clip(hed2rgb(hed), 0, 1) * 255).astype(np.uint8)


def embeddings(paths, loaded, merge_after, precision):
    """Return CLS (n, C), mean (n, C), and seconds a region."""
    settings = AnalysisSettings(
        mpp=MPP, tissue="all", merge_after=merge_after, read_out="cls+mean", cache=False, precision=precision
    )
    begin = time.perf_counter()
    found = np.stack([analyze_slide(path, settings, loaded).embedding for path in paths])
    return *np.split(found, 2, axis=1), (time.perf_counter() - begin) / len(paths)


def found_share(first, second):
    """Return the share of second views whose most similar first view is their own."""
    first, second = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (first, second))
    return float(((second @ first.T).argmax(1) == np.arange(len(second))).mean())


def wilson(share, count, z=1.96):
    """Return Wilson's 95 % interval of a share."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return float(middle - half), float(middle + half)


def main():
    """Cut, look, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--backbone")
    parser.add_argument("--merge-after", default="0,1,2,4,6,8,10")
    parser.add_argument("--precision", default="bf16", choices=("fp32", "bf16"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    regions = choose_regions(given.data, random)
    loaded = load_model(ModelChoice(source=given.weights, backbone=given.backbone))
    rows = []
    with tempfile.TemporaryDirectory(prefix="regions-") as folder:
        views = []
        for number, square in enumerate(regions):
            for view, pixels in (("a", square), ("b", second_view(square, random))):
                views.append(Path(folder) / f"{number:02}{view}.png")
                Image.fromarray(pixels).save(views[-1], compress_level=1)
        print(
            f"{len(regions)} regions, {loaded.summary.name}, {os.cpu_count()} cores, {given.precision}; chance {1 / REGIONS:.2f}"
        )
        print(f"{'after block':<13}{'CLS':>6}{'95 %':>16}{'mean':>8}{'95 %':>16}{'ms a region':>14}")
        for blocks in map(int, given.merge_after.split(",")):
            cls, mean, seconds = embeddings(views, loaded, blocks, given.precision)
            row = {"merge_after": blocks, "ms": 1e3 * seconds}
            for name, x in (("cls", cls), ("mean", mean)):
                row[name] = found_share(x[::2], x[1::2])
                row[f"{name}_interval"] = wilson(row[name], REGIONS)
            rows.append(row)
            said = [f"{low:.2f} to {high:.2f}" for low, high in (row["cls_interval"], row["mean_interval"])]
            print(
                f"{blocks:<13}{row['cls']:>6.2f}{said[0]:>16}{row['mean']:>8.2f}{said[1]:>16}{row['ms']:>14.0f}",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
