"""A slide's result in a few lines for a person."""

import click

from e2evit_model.inference.result import SlideResult


def say_result(result: SlideResult) -> None:
    """Print risk, tiles, model, time and notices."""
    risk = result.risk
    if risk is None:
        click.echo(f"Risk       none. {result.why_no_risk}")
    else:
        several = len(risk.member_risks) > 1
        percentile = "mean percentile" if several else "percentile"
        place = "" if risk.percentile is None else f", {percentile} {risk.percentile:.0f} of the training cohort"
        spread = ""
        if several:
            spread = f" (fold models {min(risk.member_risks):.3f} to {max(risk.member_risks):.3f})"
        click.echo(f"Risk       {risk.risk:.3f}{spread}{place}")
    area = result.mask.area_mm2()
    tissue = "" if area is None else f", {area:.1f} mm2 of tissue"
    click.echo(f"Tiles      {len(result.grid)} at {result.grid.scale.mpp:.3g} um per pixel{tissue}")
    click.echo(f"Model      {result.model.name} ({result.model.licence})")
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in result.seconds.items() if seconds >= 0.05)
    click.echo(f"Time       {sum(result.seconds.values()):.1f} s on {result.device} ({steps})")
    if result.model.demonstration:
        click.echo(f"Note       {result.model.demonstration}")
    for notice in result.notices:
        click.echo(f"Note       {notice}")
    click.echo("Research use only: not for diagnosis or treatment.")
