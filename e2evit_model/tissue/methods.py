"""The ways in which tissue is found, by name; imports nothing, so that a window can list them at its start."""

OTSU = "otsu"
ALL = "all"
GRANDQC = "grandqc"
GRANDQC_METHODS = (GRANDQC, "grandqc-artefacts", "grandqc-artefacts-1", "grandqc-artefacts-2")
"""Found by networks, which need torch: see :mod:`e2evit_model.grandqc`, whose ``find_tissue`` knows all ways."""

METHODS = (OTSU, ALL, *GRANDQC_METHODS)
