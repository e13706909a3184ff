"""A report as one HTML page: no script, nothing fetched, figures inside; every text is escaped here."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from importlib.resources import files
from string import Template

from e2evit_model.report.run_canvas import THEME_COLORS
from e2evit_model.report.run_document import (
    Block,
    Bullets,
    Document,
    Headlines,
    Paragraph,
    Picture,
    Section,
    Subtitle,
    Table,
)

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="generator" content="E2E-ViT Desktop">
<title>$title</title>
<style>
$style</style>
</head>
<body>
<p class="banner">$banner</p>
<header>
<h1>$title</h1>
<ul class="facts">$facts</ul>
<nav aria-label="Sections">$links</nav>
</header>
<main>
$sections</main>
<footer><p>$banner</p></footer>
</body>
</html>
""")


def page_of(document: Document, drawn: Mapping[str, str]) -> str:
    """Return the whole page.

    Parameters
    ----------
    drawn
        The SVG of each picture, by its name.
    """
    return _PAGE.substitute(
        title=escape(document.title),
        style=files("e2evit_model.report").joinpath("run_page.css").read_text(encoding="utf-8"),
        banner=escape(document.banner),
        facts="".join(f"<li>{escape(fact)}</li>" for fact in document.facts),
        links="".join(f'<a href="#{s.anchor}">{escape(s.title)}</a>' for s in document.sections),
        sections="".join(_section(section, drawn) for section in document.sections),
    )


def _section(section: Section, drawn: Mapping[str, str]) -> str:
    blocks = "\n".join(_block(block, drawn) for block in section.blocks)
    return f'<section id="{section.anchor}">\n<h2>{escape(section.title)}</h2>\n{blocks}\n</section>\n'


def _block(block: Block, drawn: Mapping[str, str]) -> str:
    writers: dict[type, Callable[..., str]] = {
        Paragraph: _paragraph,
        Subtitle: _subtitle,
        Bullets: _bullets,
        Headlines: _headlines,
        Table: _table,
        Picture: partial(_picture, drawn=drawn),
    }
    return writers[type(block)](block)


def _paragraph(block: Paragraph) -> str:
    return f'<p class="{block.tone.value}">{escape(block.text)}</p>'


def _subtitle(block: Subtitle) -> str:
    return f"<h3>{escape(block.text)}</h3>"


def _bullets(block: Bullets) -> str:
    entries = "".join(f"<li><strong>{escape(bold)}</strong> {escape(rest)}</li>" for bold, rest in block.entries)
    return f"<ul>{entries}</ul>"


def _headlines(block: Headlines) -> str:
    cards = []
    for entry in block.entries:
        below = "<br>".join(escape(line) for line in entry.below if line)
        value = f'<p class="value">{escape(entry.value)}</p>'
        cards.append(f'<div><h3>{escape(entry.name)}</h3>{value}<p class="below">{below}</p></div>')
    return f'<div class="headlines">{"".join(cards)}</div>'


def _table(block: Table) -> str:
    kind = ' class="pairs"' if not block.header else ""
    head = ""
    if block.header:
        cells = "".join(f'<th scope="col"{_class(block, i)}>{escape(text)}</th>' for i, text in enumerate(block.header))
        head = f"<thead><tr>{cells}</tr></thead>"
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    columns = "".join(f'<col style="width: {share:.0%}">' for share in block.shares)
    rows = "".join(_row(block, number, row) for number, row in enumerate(block.rows))
    return f'<div class="scroll"><table{kind}>{caption}{columns}{head}<tbody>{rows}</tbody></table></div>'


def _row(block: Table, number: int, row: tuple[str, ...]) -> str:
    strong = ' class="strong"' if number in block.strong_rows else ""
    first = f'<th scope="row"{_class(block, 0)}>{escape(row[0])}</th>'
    rest = "".join(f"<td{_class(block, i)}>{escape(text)}</td>" for i, text in enumerate(row[1:], start=1))
    return f"<tr{strong}>{first}{rest}</tr>"


def _class(block: Table, column: int) -> str:
    names = [name for name, own in (("number", block.numeric), ("break", block.breakable)) if column in own]
    return f' class="{" ".join(names)}"' if names else ""


def _picture(block: Picture, drawn: Mapping[str, str]) -> str:
    svg = inline_svg(drawn[block.name], prefix=block.name, alternative=block.alternative)
    # a figure keeps its size in print, and its letters theirs beside the text
    width = f"{block.width_in / 6.9:.0%}"
    held = f'<div style="max-width: {width}; margin: 0 auto">{svg}</div>'
    return f"<figure>{held}<figcaption>{escape(block.caption)}</figcaption></figure>"


_HEX = re.compile(r"#[0-9a-f]{6}\b")
_IDS = re.compile(r'(\bid="|href="#|url\(#)')
_HEAD = re.compile(r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", re.DOTALL)


def inline_svg(svg: str, *, prefix: str, alternative: str) -> str:
    """Return an SVG file as a part of a page: its colors follow the page's, its ids are its own, nothing in it is an address.

    Parameters
    ----------
    prefix
        Stands before all ids, which would meet those of other figures of the page.
    alternative
        What the figure shows, for who cannot see it.
    """
    text = svg[svg.index("<svg ") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text.replace("xlink:href", "href")
    text = _HEAD.sub(rf'<svg \1 role="img" aria-label="{_for_sub(escape(alternative))}">', text, count=1)
    text = _IDS.sub(rf"\g<1>{prefix}-", text)
    text = re.sub(r'style="[^"]*"', lambda style: _HEX.sub(_themed, style[0]), text)
    return text.strip()


def _for_sub(text: str) -> str:
    return text.replace("\\", "\\\\")


def _themed(color: re.Match[str]) -> str:
    name = THEME_COLORS.get(color[0])
    return f"var(--{name})" if name else color[0]
