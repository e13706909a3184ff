"""Sections of a report on what was done: the method in words, settings, backbone and licence, versions, hashes; and the limits."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from e2evit_model.convert.backbones import find_backbone
from e2evit_model.errors import BackboneError
from e2evit_model.options import Options, describe
from e2evit_model.report.run_document import Block, Bullets, Paragraph, Section, Subtitle, Table, Tone
from e2evit_model.report.run_material import RunMaterial
from e2evit_model.report.run_numbers import counted, decimal
from e2evit_model.survival.metrics import FOLLOWED_SHARE
from e2evit_model.training.config import Aggregation, Method, Penalty, TrainingConfig

_PAIR = (0.28, 0.72)
_GROUPS = (("Training", ""), ("Model", "conversion"), ("Tiles", "tiles"), ("Augmentation", "augmentation"))


def methods(material: RunMaterial) -> Section:
    """Make the section on what was done."""
    blocks: list[Block] = [
        Paragraph(text=learned_how(material)),
        Paragraph(text=evaluated_how(material)),
        Subtitle(text="Backbone and licence"),
        Table(header=(), rows=tuple(_backbone(material)), shares=_PAIR),
    ]
    if material.config.method is Method.FINE_TUNE or material.config.keep_backbone:
        blocks.append(
            Paragraph(text=f"The risk model of this run holds weights under: {material.card.licence}.", tone=Tone.NOTE)
        )
    blocks += [Subtitle(text="Settings"), *_settings(material.config)]
    blocks += [
        Subtitle(text="Versions and device"),
        Table(header=(), rows=tuple(_environment(material.environment)), shares=_PAIR),
        Subtitle(text="Provenance"),
        Table(header=(), rows=tuple(_provenance(material)), shares=_PAIR),
        Table(header=("File", "SHA-256"), rows=tuple(_hashes(material)), breakable=frozenset({1}), shares=(0.26, 0.74)),
    ]
    return Section(anchor="methods", title="What was done", blocks=tuple(blocks))


def learned_how(material: RunMaterial) -> str:
    """Say in words how the model was trained."""
    config, card = material.config, material.card
    read = (
        f"Each slide was cut into tiles of {card.tile_px} x {card.tile_px} px at {card.tile_mpp:g} µm per pixel where "
        "it holds tissue "
        f'({card.tissue_method}); the tiles were laid side by side into one strip, and a vision transformer ("{card.backbone}", '
        "pre-trained) read the whole strip at once."
    )
    return f"{read} {_learner(config)} {_several(config)}"


def _learner(config: TrainingConfig) -> str:
    stopping = (
        f"for at most {config.epochs} epochs, and stopped when the C-index of the validation part got no better for "
        f"{config.patience} epochs"
    )
    adam = f"with Adam (learning rate {config.learning_rate:g}, {config.step_size} to a step)"
    bins = f"the likelihood of discrete-time hazards in {config.bins} bins cut at quantiles of the training events"
    match config.method:
        case Method.FINE_TUNE:
            loss = "Cox's partial likelihood" if config.uses_cox else bins
            return f"The whole transformer was fine-tuned on {loss}, {adam}, {stopping}."
        case Method.LINEAR_NLL:
            return (
                f"The transformer was left as it is; one linear layer on its embeddings learned {bins}, {adam}, "
                f"{stopping}."
            )
        case Method.LINEAR_COX:
            ridge = config.penalty is Penalty.RIDGE
            penalty = "a ridge penalty" if ridge else f"an elastic-net penalty (L1 share {config.l1_ratio:g})"
            return (
                f"The transformer was left as it is; a Cox model with {penalty} was fitted on its standardised "
                "embeddings, on training and validation part together, its strength chosen by "
                f"{config.inner_folds}-fold cross-validation inside."
            )


def _several(config: TrainingConfig) -> str:
    if config.aggregation is Aggregation.EMBEDDINGS:
        return "Of a patient with several slides the mean embedding was used."
    return "Of a patient with several slides the mean of the slides' risks was used."


def evaluated_how(material: RunMaterial) -> str:
    """Say in words how the model was evaluated."""
    m = material.metrics
    return (
        f"Evaluated by {len(m.harrell_c.folds)}-fold cross-validation over patients; each patient's risk comes from "
        "the one fold model that had never seen the patient. Intervals: 1000 bootstrap resamples of patients within "
        "their folds. No-signal range: risks dealt to patients within their folds at random, 500 times. Uno's C "
        f"counts times up to the day that {100 * FOLLOWED_SHARE:.0f} % of the training part's times lie within. "
        f"Computed with {m.harrell_c.mean.library}."
    )


def _backbone(material: RunMaterial) -> Iterator[tuple[str, str]]:
    card = material.card
    yield "Backbone", card.backbone
    with suppress(BackboneError):
        known = find_backbone(card.backbone)
        yield "Name", known.title
        if known.notes:
            yield "Notes", known.notes
        for trap in known.traps:
            yield "Known trap", trap
    yield "Licence of the backbone", card.licence
    yield "Embedding", f"{card.embedding_width} values a slide ({card.read_out})"


def _settings(config: TrainingConfig) -> Iterator[Block]:
    """Tabulate every setting; what differs from the default is in bold, with the default beside it."""
    text = (
        "Defaults are the paper's settings where it gives one. Bold: another value was used; the default stands "
        "beside it."
    )
    yield Paragraph(text=text, tone=Tone.NOTE)
    paper = TrainingConfig()
    for title, name in _GROUPS:
        used: Options = getattr(config, name) if name else config
        usual: Options = getattr(paper, name) if name else paper
        rows: list[tuple[str, str, str]] = []
        strong: set[int] = set()
        for info in describe(type(used)):
            value, default = getattr(used, info.name), getattr(usual, info.name)
            if value != default:
                strong.add(len(rows))
            rows.append((info.label, _value(value, info.unit), _value(default, info.unit) if value != default else ""))
        header = (title, "This run", "Default")
        yield Table(header=header, rows=tuple(rows), strong_rows=frozenset(strong), shares=(0.44, 0.31, 0.25))


def _value(value: Any, unit: str) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}".strip()


def _environment(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield (
        "E2E-ViT Desktop",
        _known(found.get("program")) + (f", commit {found['commit']}" if found.get("commit") else ""),
    )
    yield "Python", _known(found.get("python"))
    yield "System", " ".join(_known(found.get(name)) for name in ("system", "system_release", "machine"))
    gpus = found.get("gpus") or []
    yield "GPUs of the machine", ", ".join(map(str, gpus)) if gpus else "none"
    if gpus:
        yield "CUDA, driver", f"{_known(found.get('cuda'))}, {_known(found.get('driver'))}"
    cores, memory = _known(found.get("cores")), _known(found.get("memory_gib"))
    yield "Processor", f"{cores} cores, {memory} GiB memory, {_threads(found.get('threads_a_fold'))}"
    packages = found.get("packages")
    if isinstance(packages, Mapping):
        yield "Packages", ", ".join(f"{name} {_known(version)}" for name, version in packages.items())


def _threads(found: Any) -> str:
    return counted(found, "thread") + " a fold" if isinstance(found, int) else "threads not known"


def _known(value: Any) -> str:
    return "not known" if value is None else str(value)


def _provenance(material: RunMaterial) -> Iterator[tuple[str, str]]:
    record = material.record
    yield "Run", record.name
    yield "Begun", record.created.replace("T", " ").replace("+00:00", " UTC")
    yield "Seed", f"{record.seed} (fold k: {record.seed} + k)"
    if command := without_folders(record.command):
        yield "Command", command


def _hashes(material: RunMaterial) -> Iterator[tuple[str, str]]:
    if digest := material.cohort_report.get("table_sha256"):
        yield "Clinical table", str(digest)
    yield "Backbone before training", material.card.backbone_weights_sha256 or "not known"
    yield from material.hashes.items()
    for fold in material.fold_material:
        yield f"Model of fold {fold.number}", fold.model_sha256
    for name, digest in material.card.files.items():
        yield f"model/{name}", digest


def without_folders(command: str) -> str:
    """Return a command with every path cut down to its last name, since a report must not say where files lie.

    Empty when the command cannot be taken apart.
    """
    try:
        words = shlex.split(command.replace("\\", "/"))
    except ValueError:
        return ""
    return shlex.join(map(_last_name, words))


def _last_name(word: str) -> str:
    flag, equals, value = word.partition("=") if word.startswith("-") else ("", "", word)
    return f"{flag}{equals}{value.rstrip('/').rpartition('/')[2]}"


def _tokens(config: TrainingConfig) -> str:
    tokens = config.conversion.tokens_per_tile
    return "1 token a tile" if tokens == 1 else f"{tokens:g} tokens a tile"


def limits(material: RunMaterial) -> Section:
    """Make the section on what must not be read out of the report."""
    m, card = material.metrics, material.card
    mean = m.harrell_c.mean
    noise = (
        f"With {m.events} events the 95 % interval of the C-index spans {decimal(mean.high - mean.low)}."
        if mean.low is not None and mean.high is not None
        else f"With {m.events} events no interval of the C-index can be given."
    )
    seen = (
        f"of each tile, the mean of its patches of {card.patch_px} px ({_tokens(material.config)}): color, stain and "
        "what repeats from patch to patch, not single nuclei. Keep it in mind before explaining a finding by "
        "morphology."
    )
    again = (
        "It comes from drawing patients again while the trained models stay the same: training again with another "
        "seed or other folds adds variation that it does not hold."
    )
    elsewhere = "It says how the model does on patients like these; other hospitals, scanners and stains were not seen."
    cut = (
        "Low and high risk are cut at training medians to show separation; the cut has no clinical meaning of its own."
    )
    entries = (
        (
            "Research use only.",
            "This report and the risk model are no medical device and must not guide the care of a patient.",
        ),
        ("What the model sees:", seen),
        ("The C-index is noisy.", f"{noise} Two models whose intervals overlap widely must not be ranked by it."),
        ("The interval is not everything.", again),
        ("Same cohort.", elsewhere),
        (
            "Attention is not explanation.",
            "It shows where the model looked, not why, and not that tissue causes the outcome.",
        ),
        ("Groups are not a rule.", cut),
        (
            "Risk is relative.",
            "A risk can be compared only with risks of the same fold model; percentiles refer to this cohort.",
        ),
    )
    return Section(anchor="limits", title="Limits", blocks=(Bullets(entries=entries),))
