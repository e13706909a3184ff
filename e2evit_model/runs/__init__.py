"""Every file of a run, named in one class; checkpoints; the risk model folder.

``records`` (dataclasses to JSON and back, checked), ``risk_model_card`` (``model.json``), ``risk_model`` (the folder that the
application opens), ``weights`` (safetensors), ``run_folder`` (the files of a training run, the list of runs), ``status`` (heartbeat
and lock), ``run_tables`` (risks, epochs), ``checkpoints`` (state of a fold that can be resumed), ``environment`` (versions and
device), ``run_error``.

May import ``survival`` and ``convert``. This package imports nothing by itself, and ``risk_model_card``, ``run_folder``, ``status``
and ``run_tables`` import no torch, so that the window can list runs and models at once.
"""
