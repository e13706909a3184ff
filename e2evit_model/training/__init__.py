"""Folds to a run: slides prepared, fine-tuning and linear probing, test parts opened once, figures and risk model written.

What is called from outside: ``cross_validation`` (``cross_validate``, ``resume``), ``prepare`` (slides to strips on disk),
``embed`` (one row a slide), ``config`` (every setting; no torch).

Inside: ``strips`` and ``prepared_files`` (what is trained on), ``parts`` (what a fold may see, and its sealed test part),
``network``, ``learners``, ``objectives``, ``epochs`` and ``early_stopping`` (the loop of a fold), ``augmentation``, ``randomness``,
``embeddings``, ``linear_cox`` and ``cox_baseline`` (linear probing), ``fold`` (one fold by any method), ``predictions``,
``fold_files`` and ``fold_job`` (a fold on disk, and in a process), ``run_begin``, ``evaluation``, ``clinical`` and ``run_model``
(the run's files), ``processes`` (executors), ``repeating`` (progress inside a slide), ``faults``.

May import everything below it but not ``inference``. This package imports nothing by itself, so that forms and flags are made
without torch.
"""
