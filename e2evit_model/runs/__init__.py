"""Every file of a run, named in one class; checkpoints; the risk model folder.

``records`` (dataclasses to JSON and back, checked), ``risk_model_card`` (``model.json``, no torch), ``risk_model`` (the folder
that the application opens), ``run_folder`` (the files of a training run), ``status`` (heartbeat), ``checkpoints`` (state of a
fold that can be resumed). May import ``survival`` and ``convert``. This package imports nothing by itself, so that the window
can list runs and models without torch.
"""
