"""All that was drawn on a slide as one JSON document, for a project to keep."""

from typing import Any

from e2evit_model.annotations.geojson import features_of, region_of
from e2evit_model.annotations.selection import correction_of, correction_record
from e2evit_model.annotations.slide_regions import EMPTY, SlideRegions
from e2evit_model.errors import AnnotationError

SCHEMA = 1


def regions_to_document(regions: SlideRegions) -> dict[str, Any]:
    """Return plain JSON values: schema, features as QuPath has them, corrections of the tissue."""
    return {
        "schema": SCHEMA,
        "features": features_of(regions.regions, None),
        "corrections": [correction_record(one) for one in regions.corrections],
    }


def regions_from_document(document: Any) -> SlideRegions:
    """Build from :func:`regions_to_document`; an empty document is a slide on which nothing was drawn.

    Raises
    ------
    AnnotationError
        When it is damaged, or of a newer version of this program.
    """
    if not document:
        return EMPTY
    try:
        schema = document["schema"]
        if isinstance(schema, int) and schema > SCHEMA:
            raise AnnotationError(
                "The regions of this slide were drawn with a newer version of this program.",
                hint="Install the newest version; the regions stay as they are until then.",
            )
        return SlideRegions(
            regions=tuple(region_of(feature) for feature in document["features"]),
            corrections=tuple(correction_of(one) for one in document["corrections"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise AnnotationError(
            "The regions of this slide are damaged.", hint="Take them from a copy of the project, or draw them again."
        ) from error
