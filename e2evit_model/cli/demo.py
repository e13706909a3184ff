"""``e2evit demo``: the whole way, training included, on slides that the program paints itself."""

from pathlib import Path

import click

from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.cli.say import say_result
from e2evit_model.cli.typed import as_typed
from e2evit_model.files import output_folder


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("e2evit-demo"),
    show_default=True,
    help="The folder for slides, model and results.",
)
@click.option(
    "--cohort-only",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Only paint a cohort with its clinical table into FOLDER, for trying the training.",
)
def command(out: Path, cohort_only: Path | None) -> None:
    """Paint a cohort, train a risk model on it, analyze a new slide with it, and say what of that is real.

    Needs no network and no file of yours. The pictures are made by the program: no patient, no animal, no scanner.
    """
    from e2evit_model.demo.cohort import paint_cohort, painted_patients

    patients = painted_patients()
    if cohort_only is not None:
        output_folder(cohort_only)
        with progress_bars() as progress:
            table, slides = paint_cohort(cohort_only, patients, progress=progress)
        click.echo(f"{len(patients)} painted patients, {sum(p.event for p in patients)} with the event.")
        click.echo(f"Table   {table}\nSlides  {slides}")
        click.echo(f"Train:  {as_typed('e2evit')} train {table} --slides {slides} --method linear-cox --model MODEL")
        return
    output_folder(out)

    from e2evit_model.demo.model import SLIDE, SLIDE_FILE, demo_weights, train_demo_model
    from e2evit_model.demo.painting import paint_slide
    from e2evit_model.inference.analyze import analyze_slide
    from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
    from e2evit_model.report.slide_files import write_slide_files
    from e2evit_model.slides.opening import open_slide

    slide = out / SLIDE_FILE
    with progress_bars() as progress:
        paint_slide(slide, SLIDE, progress=progress)
        table, slides = paint_cohort(out / "cohort", patients, progress=progress)
        weights = demo_weights(out)
        run = train_demo_model(table, slides, weights, out / "run", progress=progress)
        model = run.folder.model
        result = analyze_slide(slide, AnalysisSettings(), ModelChoice(source=str(model)), progress=progress)
        with open_slide(slide) as opened:
            paths = write_slide_files(opened, result, out / "results", progress=progress)
    say_result(result)
    click.echo(f"""
What is real, and what is demonstration:
  real           the way: reading, tissue, tiles, mean patches, transformer over the whole slide, attention, pictures, training
  demonstration  the slides: painted by this program, no patient's; in their world, a high nuclear grade shortens life
  {"real          " if weights.pretrained else "demonstration "} the transformer's weights: {weights.sentence}
  demonstration  risk and percentile: true within the painted cohort ({_c_index(run.metrics)}), without meaning for patients

Written:""")
    for path in (slide, table, run.folder.path, model, *paths):
        click.echo(f"  {path}")
    click.echo(f"\nOpen it in the window:  {as_typed('e2evit-gui')} {slide} --model {model} --run")


def _c_index(metrics: object) -> str:
    from e2evit_model.cli.train import c_index_line

    return c_index_line(metrics)
