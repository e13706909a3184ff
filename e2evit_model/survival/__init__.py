"""Targets, losses, head, metrics and curves of survival models.

Of a model: ``prediction`` (what a risk model says of a slide, no torch), ``head`` (embedding to risk and S(t)), ``targets`` (time
bins), ``losses`` (discrete-time likelihood, Cox), ``two_pass`` (exact Cox gradients, one slide in memory).
Of its evaluation: ``labels`` (checked times and events), ``estimate`` (a figure, or the reason why there is none), ``metrics``,
``resampling`` (intervals, no-signal range), ``curves`` (Kaplan-Meier, at risk, log-rank, calibration), ``covariates``, ``cox`` and
``baseline`` (what clinical columns say alone, and with the risk).

May import the frame only; torch in ``head``, ``losses``, ``two_pass`` and, for the names of ties, what fits Cox models;
scikit-survival in the modules of evaluation. For that reason this package imports nothing by itself.
"""
