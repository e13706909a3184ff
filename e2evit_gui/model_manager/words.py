"""The words and signs of the manager of models."""

from PySide6.QtCore import QCoreApplication, QLocale

from e2evit_model.convert.registry import Kind
from e2evit_model.model_store.entries import Entry, Status
from e2evit_model.units import written_bytes


def tr(text: str) -> str:
    """Translate a text of the manager."""
    return QCoreApplication.translate("ModelManager", text)


def sign_of(entry: Entry) -> str:
    """Return the icon that says where a model is."""
    if entry.is_here:
        return "good"
    return {Status.BEGUN: "warning", Status.GONE: "error"}.get(entry.status, "missing")


def where(entry: Entry) -> str:
    """Say in two words where a model is."""
    return {
        Status.HERE: tr("here"),
        Status.OWN: tr("your file"),
        Status.BEGUN: tr("half here"),
        Status.FREE: tr("to download"),
        Status.GATED: tr("on request"),
        Status.GONE: tr("file gone"),
    }[entry.status]


def state_of(entry: Entry) -> str:
    """Say in a sentence where a model is and what can be done."""
    if entry.own is not None and not entry.own.kept and entry.is_here:
        return tr("Used from its own place: {name}.").format(name=entry.own.path.name)
    return {
        Status.HERE: tr("On this machine, ready to use."),
        Status.OWN: tr("Your own file, ready to use."),
        Status.BEGUN: tr("{size} came before the download was stopped. It goes on from there.").format(
            size=written_bytes(entry.begun)
        ),
        Status.FREE: tr("Not on this machine. Free to download.")
        if entry.accepted
        else tr("Not on this machine. Free to download once the licence is accepted."),
        Status.GATED: tr(
            "Not on this machine. The authors give it on request: ask for access on its page, with the account of your token."
        ),
        Status.GONE: tr(
            "Your own file is not at its place any more, or has another size. Remove it, and add it again."
        ),
    }[entry.status]


def size_of(entry: Entry) -> str:
    """Write the size of a model's file."""
    size = written_bytes(entry.size)
    return tr("about {size}").format(size=size) if entry.is_estimated else size


def facts_of(entry: Entry) -> str:
    """Say in a sentence what a model is."""
    backbone = entry.backbone
    if entry.kind is Kind.RISK_MODEL:
        return tr("A risk model: it gives risk and survival. Its folder stays where it is.")
    if entry.network is not None:
        return tr(
            "Finds tissue on slides, at {mpp:g} µm/px: chosen under Tissue in the settings of an analysis."
        ).format(mpp=entry.network.mpp)
    if backbone is None:
        return ""
    told = tr(
        "Vision transformer of {millions} million parameters: {depth} blocks, {px} px patches, width {width}."
    ).format(
        millions=QLocale().toString(backbone.parameters / 1e6, "f", 0 if backbone.parameters > 1e8 else 1),
        px=backbone.patch_px,
        width=backbone.width,
        depth=backbone.depth,
    )
    looks = tr("Trained at {mpp:g} µm/px.").format(mpp=backbone.mpp) if backbone.mpp else tr("Bound to no resolution.")
    return f"{told} {looks}"


def link(address: str, text: str) -> str:
    """Write a link for a label."""
    return f'<a href="{address}">{text}</a>'
