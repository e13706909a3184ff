"""``e2evit demo``: the whole way on a slide that the program paints itself."""

from pathlib import Path

import click

from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.cli.say import say_result
from e2evit_model.files import output_folder


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("e2evit-demo"),
    show_default=True,
    help="The folder for slide, model and results.",
)
def command(out: Path) -> None:
    """Paint a slide, make a model for it, analyze it, and say what of that is real.

    Needs no network and no file of yours. The picture is made by the program: no patient, no animal, no scanner.
    """
    output_folder(out)

    from e2evit_model.demo.model import write_demo_model
    from e2evit_model.demo.painting import paint_slide
    from e2evit_model.inference.analyze import analyze_slide
    from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
    from e2evit_model.report.slide_files import write_slide_files
    from e2evit_model.slides.opening import open_slide

    slide, model = out / "demo-slide.tiff", out / "model"
    with progress_bars() as progress:
        paint_slide(slide, progress=progress)
        weights = write_demo_model(model, progress=progress)
        result = analyze_slide(slide, AnalysisSettings(), ModelChoice(source=str(model)), progress=progress)
        with open_slide(slide) as opened:
            paths = write_slide_files(opened, result, out / "results", progress=progress)
    say_result(result)
    click.echo(f"""
What is real, and what is demonstration:
  real           the way: reading, tissue, tiles, mean patches, transformer over the whole slide, attention, pictures
  demonstration  the slide: painted by this program, no patient's
  {"real          " if weights.pretrained else "demonstration "} the transformer's weights: {weights.sentence}
  demonstration  the risk: its head was not trained on patients, the number means nothing

Written:""")
    for path in (slide, model, *paths):
        click.echo(f"  {path}")
    click.echo(f"\nOpen it in the window:  e2evit-gui {slide} --model {model} --run")
