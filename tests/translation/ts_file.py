"""Read and write Qt's .ts files, and compile them."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

from tests.translation.sources import Sources

FOLDER = Path(str(files("resources"))) / "translations"

Translations = dict[tuple[str, str], str]
"""Translations by (context, text); empty where there is none yet."""


def read_ts(path: Path) -> Translations:
    """Return what a .ts file holds; what is marked as unfinished is empty."""
    found: Translations = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            text = message.find("translation")
            done = text is not None and text.get("type") != "unfinished"
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = (text.text or "") if text is not None and done else ""
    return found


def write_ts(path: Path, sources: Sources, known: Translations, language: str) -> list[tuple[str, str]]:
    """Write all sources with the translations that are known; return those that have none. What is no source any more goes."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    missing = []
    for context, texts in sorted(sources.items()):
        block = ET.SubElement(root, "context")
        ET.SubElement(block, "name").text = context
        for source in sorted(texts):
            message = ET.SubElement(block, "message")
            ET.SubElement(message, "source").text = source
            translation = ET.SubElement(message, "translation")
            translation.text = known.get((context, source), "")
            if not translation.text:
                translation.set("type", "unfinished")
                missing.append((context, source))
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return missing


def compile_ts(path: Path) -> Path:
    """Compile a .ts file to the .qm file beside it, by the ``lrelease`` that comes with PySide6."""
    program = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent)) or "pyside6-lrelease"
    compiled = path.with_suffix(".qm")
    subprocess.run([program, "-silent", str(path), "-qm", str(compiled)], check=True)
    return compiled
