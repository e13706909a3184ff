"""A project: many slides with their results, regions and views in one folder that can be carried to another machine.

``entries`` (what is known of a slide and of a result), ``journal`` (changes as lines of a file), ``project`` (open, change, save),
``results`` (a ``SlideResult`` on disk, and back), ``slides`` (take slides in, find them again where they were moved to),
``cohort_view`` (all results of a model beside each other). Imports what lies below ``report``; no Qt, and no torch.
"""
