"""Everything E2E-ViT Desktop computes, from a slide file to a risk; it knows nothing of Qt.

Floors, imports going down only: ``cli``, ``demo``, ``report``, ``training`` and ``inference`` (which do not see each other),
``runs`` with ``cohort`` and ``overlay``, ``survival`` with ``convert`` (torch begins here), ``strip``, ``tiling``, ``tissue``,
``slides``, then ``options``, ``progress``, ``files``, and at the bottom ``units`` and ``errors``.
"""

from importlib.metadata import version

__version__ = version("e2evit-desktop")
