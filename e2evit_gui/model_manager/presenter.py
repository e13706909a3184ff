"""Act for the manager of models; whatever takes time runs in a process of its own. No widgets here."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs import store_tasks
from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_model.convert.licences import accept
from e2evit_model.errors import E2EViTError
from e2evit_model.model_store.entries import Entry
from e2evit_model.model_store.given import Checked, Given
from e2evit_model.progress import Progress
from e2evit_model.units import written_bytes

_TASKS = "e2evit_gui.jobs.store_tasks"


class StorePresenter(QObject):
    """Hold the list of models and do what is asked with one of them, one thing at a time.

    ``entries_changed`` comes with every new list, ``job_changed`` with each step of what runs (an empty step: nothing runs;
    bytes are counted in kilobytes), ``told`` carries a sentence of what was done, ``failed`` a ``Failure``. ``at_work_on`` is the
    id of the model that something is done with.
    """

    entries_changed = Signal()
    job_changed = Signal(str, int, int)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.at_work_on = ""
        self.has_token = False
        self._doing = ""
        self._listing = Latest("models", self)
        self._listing.succeeded.connect(self._listed)
        self._listing.failed.connect(self.failed)
        self._process = ModelProcess(self)
        self._process.progressed.connect(self.job_changed)
        self._process.succeeded.connect(self._succeeded)
        self._process.failed.connect(self._failed)
        self._process.cancelled.connect(self._cancelled)

    @property
    def busy(self) -> bool:
        """Whether something is done with a model."""
        return bool(self._doing)

    @property
    def downloading(self) -> bool:
        """Whether that is a download."""
        return self._doing == "download"

    def entry(self, identity: str) -> Entry | None:
        """Return the model of an id."""
        return next((entry for entry in self.entries if entry.id == identity), None)

    def refresh(self) -> None:
        """Look what is here."""
        self._listing.begin(_look)

    def accept_licence(self, entry: Entry) -> None:
        """Write down that the user accepts the licence of a model."""
        page = entry.source.page if entry.source is not None else ""
        try:
            accept(entry.id, entry.licence.name, url=entry.licence.url or page)
        except E2EViTError as error:
            self.failed.emit(explain(error))
        self.refresh()

    def download(self, entry: Entry) -> None:
        """Download a model, or go on where that stopped."""
        self._begin("download", entry.id, entry.id)

    def add(self, path: Path, given: Given) -> None:
        """Add a file or a risk model folder."""
        self._begin("add", "", path, given)

    def remove(self, entry: Entry) -> None:
        """Remove a model."""
        self._begin("remove", entry.id, entry.id)

    def check(self, wanted: Sequence[Entry] = ()) -> None:
        """Check models, or all that are here."""
        identities = [entry.id for entry in wanted]
        self._begin("check", identities[0] if len(identities) == 1 else "", identities)

    def store_token(self, token: str) -> None:
        """Check and store a token of the user's."""
        self._begin("store_token", "", token)

    def cancel(self) -> None:
        """Stop what runs; what was downloaded so far is kept."""
        self._process.cancel()

    def shut_down(self) -> None:
        """End the process: for the end of the program."""
        self._doing = self.at_work_on = ""
        self._listing.cancel()
        self._process.stop()

    def _begin(self, doing: str, identity: str, *arguments: object) -> None:
        if self.busy:
            return
        self._doing, self.at_work_on = doing, identity
        self.job_changed.emit(self.tr("Starting"), 0, 0)
        self._process.ask(f"{_TASKS}:{doing}", *arguments)

    def _end(self) -> str:
        doing, self._doing, self.at_work_on = self._doing, "", ""
        self.job_changed.emit("", 0, 0)
        self.refresh()
        return doing

    @Slot(object)
    def _listed(self, result: object) -> None:
        if isinstance(result, tuple):
            self.entries, self.has_token = result
            self.entries_changed.emit()

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        doing = self._end()
        match doing, result:
            case "download", str(title):
                self.told.emit(self.tr("{title} is here.").format(title=title))
            case "add", str(identity):
                self.told.emit(self.tr("{id} was added.").format(id=identity))
            case "remove", (str(title), int(freed), str(why)):
                said = self.tr("{title} was removed: {size} freed.").format(title=title, size=written_bytes(freed))
                self.told.emit(" ".join(filter(None, (said, why))))
            case "check", tuple(checked):
                self._tell_checked(checked)
            case "store_token", _:
                self.told.emit(self.tr("The token is valid and was stored."))

    def _tell_checked(self, checked: tuple[object, ...]) -> None:
        found = [one for one in checked if isinstance(one, Checked)]
        bad = [one for one in found if one.fault]
        if bad:
            more = self.tr("{count} more are not as they were.").format(count=len(bad) - 1) if len(bad) > 1 else ""
            message = f"{bad[0].title}: {bad[0].fault} {more}".rstrip()
            self.failed.emit(Failure(message=message, hint=bad[0].hint))
        elif len(found) == 1:
            self.told.emit(self.tr("{title}: {said}.").format(title=found[0].title, said=found[0].said))
        elif found:
            self.told.emit(self.tr("All {count} models are as they should be.").format(count=len(found)))
        else:
            self.told.emit(self.tr("There is no model on this machine."))

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self._end()
        self.failed.emit(failure)

    @Slot()
    def _cancelled(self) -> None:
        if self._end() == "download":
            self.told.emit(self.tr("The download was stopped. What came so far is kept."))


def _look(progress: Progress) -> tuple[tuple[Entry, ...], bool]:
    """List the models, and say whether the hub's client knows a token; runs in a thread."""
    from e2evit_model.convert.hub import has_token

    return store_tasks.listing(progress=progress), has_token()
