"""A slide's result or a run to figures and pages."""
