"""Targets, losses, head, metrics and curves of survival models.

``prediction`` (what a risk model says of a slide, no torch), ``head`` (embedding to risk and S(t)), ``targets`` (time bins),
``losses`` (discrete-time likelihood, Cox), ``two_pass`` (exact Cox gradients, one slide in memory), ``labels`` (checked times
and events), ``metrics`` and ``resampling`` (figures with intervals, or the reason why there is none), ``curves``
(Kaplan-Meier, at risk, log-rank, calibration), ``cox`` (regression on few covariates).

May import the frame only; torch in ``head``, ``losses`` and ``two_pass``, scikit-survival in ``metrics``, ``curves`` and
``cox``. For that reason this package imports nothing by itself.
"""
