"""Every file of a run, named in one class; checkpoints; the risk model folder."""
