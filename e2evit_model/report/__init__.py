"""A slide's result to figures and files, and a finished run to its report.

Of a slide: ``low_power`` (overview and small tiles), ``sheet`` (the page), ``overlay_figure``, ``tissue_figure``,
``strip_figure``, and ``slide_files`` (everything one analysis writes).

Exports of slides: ``exports`` (``export``: any kind, with its provenance), ``slide_figure``, ``slide_report``, ``heat_map``,
``export_tables``; ``tile_layers`` (which values of tiles figures and heat maps show).

Of a run: ``run_report`` (``write_report``: page, figures, PDF), ``run_material`` and ``run_metrics`` (what is read),
``run_document`` (what a report is made of), its sections in ``run_results``, ``run_by_fold``, ``run_cohort``,
``run_methods`` and ``run_tripod``, ``run_numbers`` (how numbers are written), ``run_canvas`` and ``run_figure_*``
(figures), ``run_html``, ``run_pdf`` and ``run_pdf_text`` (how the document becomes a page and a PDF).

May import ``training``, ``inference`` and what lies below them; no torch, no Qt.
"""
