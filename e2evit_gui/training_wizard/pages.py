"""The six pages of the wizard, made one by one: all at once would hold the window for a fifth of a second."""

from collections.abc import Callable

from e2evit_gui.training_wizard.cohort_page import CohortPage
from e2evit_gui.training_wizard.compute_page import ComputePage
from e2evit_gui.training_wizard.folds_page import FoldsPage
from e2evit_gui.training_wizard.model_page import ModelPage
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.review_page import ReviewPage
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.tiles_page import TilesPage


class WizardPages:
    """Pages, in their order, and the two presenters that they share."""

    cohort: CohortPage
    folds: FoldsPage
    tiles: TilesPage
    model: ModelPage
    compute: ComputePage
    review: ReviewPage

    def __init__(self) -> None:
        self.presenter = WizardPresenter()
        self.slides = SlidePresenter()
        self._still: list[tuple[str, Callable[[], Page]]] = [
            ("cohort", lambda: CohortPage(self.presenter)),
            ("folds", lambda: FoldsPage(self.presenter)),
            ("tiles", lambda: TilesPage(self.presenter, self.slides)),
            ("model", lambda: ModelPage(self.presenter, self.slides)),
            ("compute", lambda: ComputePage(self.presenter, self.slides)),
            ("review", lambda: ReviewPage(self.presenter, self.slides)),
        ]

    @property
    def whole(self) -> bool:
        """Whether all pages are made."""
        return not self._still

    def make_next(self) -> None:
        """Make one more page."""
        name, make = self._still.pop(0)
        setattr(self, name, make())

    def made(self) -> "WizardPages":
        """Make all that are still to be made."""
        while not self.whole:
            self.make_next()
        return self

    def all(self) -> list[Page]:
        """Return the pages in their order."""
        return [self.cohort, self.folds, self.tiles, self.model, self.compute, self.review]
