"""One visitor's explorer: the entries on one side, the pages on the other, and what may be taken away below."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import panel as pn

from ..errors import EinselectError
from ..models.registry import MODELS, model_entry
from . import download
from .fields import Field, fields_of
from .figures.theme import theme
from .jobs import AtOnce, Job, Loop, Task, Worker
from .pages import Page, available, page_class
from .parts import Browser, Choice, CopyText, Notice, PageTabs, Progress, Quantity, SaveButton, Surroundings
from .state import EntryError, State, about

_LOG = logging.getLogger(__name__)
_CONTROLS = {"flex": "1 1 260px", "max-width": "100%", "min-width": "0"}
# Beside the page the controls stay in sight; above it they scroll away.
_STAY = "@media (min-width: 900px) { :host { position: sticky; top: 8px; align-self: flex-start; } }"
_CONTENT = {"flex": "4 1 min(560px, 100%)", "max-width": "100%", "min-width": "0"}


class Explorer:
    """The explorer of one visitor.

    Parameters
    ----------
    state : State
        What to begin with.
    dark : bool
    address : bool
        Whether the address bar of the browser follows, and links bring the page back.
    notice : str
        Shown above the page until something is changed.
    loop : Loop, optional
        That of the session. Without one everything is computed at once, in the thread that asks.
    around : Surroundings, optional
        The notebook that it is shown in: its theme is followed.

    Attributes
    ----------
    state : State
        What is typed.
    shown : State
        What the last good picture shows: what the link and the code are of.
    layout : FlexBox
    """

    def __init__(
        self,
        state: State,
        dark: bool = False,
        address: bool = False,
        notice: str = "",
        loop: Loop | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self.names = available()
        self.state = state if state.page in self.names else replace(state, page=self.names[0])
        self.shown = self.state
        self.dark = dark
        self._notice = notice
        self._answers: dict[str, Any] = {}
        self._pages: dict[str, Page] = {}
        self._fields: dict[str, tuple[Field, Quantity]] = {}
        self._loop: Loop = loop or AtOnce()
        self._worker = Worker(self._loop, self._busy)
        self._address, self._around = address, around
        self._build()
        self._rebuild_entries()
        self._visit()

    def follow(self, loop: Loop) -> None:
        """From now on compute beside the loop of the session."""
        self._loop = loop
        self._worker = Worker(loop, self._busy)
        self._progress.on_cancel = self._worker.cancel

    # --- what pages may ask -----------------------------------------------------------------------------------------

    def set_entry(self, name: str, text: str) -> None:
        """Change an entry, as if it had been typed."""
        self.set_entries({name: text})

    def set_entries(self, entries: dict[str, str]) -> None:
        """Change several entries at once."""
        self._notice = ""
        for name, text in entries.items():
            self.state = self.state.with_entry(name, text)
        self._update()

    def set_option(self, name: str, text: str) -> None:
        """Change a setting of a page."""
        if self.state.option(name, "") != text:
            self.state = self.state.with_option(name, text)
            self._update()

    def again(self) -> None:
        """Compute the same state once more, unless something else is asked for by then."""
        state = self.state
        self._loop.soon(lambda: self._update() if self.state == state and self._worker.idle else None)

    def set_model(self, name: str) -> None:
        """Another model, where it starts."""
        if name != self.state.model:
            self._notice = ""
            self.state = replace(State.example(name, self.state.page), options=self.state.options)
            self._rebuild_entries()
            self._update()

    def set_page(self, name: str) -> None:
        """Another page."""
        if name != self.state.page:
            self._notice = ""
            self.state = replace(self.state, page=name)
            self._visit()

    def set_dark(self, dark: bool) -> None:
        """Light or dark: what is shown is drawn again."""
        if dark == self.dark:
            return
        self.dark = dark
        self.layout.styles = self._ground()
        if self._browser is not None:
            self._browser.dark = dark
        page = self.state.page
        if page in self._answers:
            self._pages[page].show(self._answers[page], dark)

    def complain(self, message: str) -> None:
        """Say what is wrong, above the page."""
        self._alert.text = message

    # --- building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._alert = Notice(sizing_mode="stretch_width")
        self._progress = Progress(sizing_mode="stretch_width")
        self._progress.on_cancel = self._worker.cancel
        titles = {name: entry.title for name, entry in MODELS.items()}
        self._model = Choice(label="Model", options=list(titles.items()), sizing_mode="stretch_width")
        self._model.on_chosen = self.set_model
        self._jump = Choice(label="Jump operator L", sizing_mode="stretch_width")
        self._jump.on_chosen = self._set_jump
        self._entries = pn.FlexBox(gap="6px 12px", sizing_mode="stretch_width", min_width=0)
        parts = (self._model, self._entries, self._jump)
        self._controls = pn.Column(*parts, styles=_CONTROLS, stylesheets=[_STAY], min_width=0)
        tabs = [(name, page_class(name).title) for name in self.names]
        self._tabs = PageTabs(options=tabs, value=self.state.page, sizing_mode="stretch_width")
        self._tabs.on_chosen = self.set_page
        self._slot = pn.Column(sizing_mode="stretch_width", min_width=0)
        above = (self._alert, self._progress, self._tabs)
        content = pn.Column(*above, self._slot, self._take_away(), styles=_CONTENT, min_width=0)
        self._browser = Browser(width=0, height=0, dark=self.dark) if self._address else None
        if self._browser is not None:
            self._browser.on_toggled = lambda: self.set_dark(not self.dark)
        columns = [part for part in (self._around, self._controls, content, self._browser) if part is not None]
        self.layout = pn.FlexBox(*columns, gap="16px", styles=self._ground(), min_width=0)

    def _ground(self) -> dict[str, str]:
        """The look of the whole; on a page of its own the page decides on the colours."""
        look = theme(self.dark)
        own = {"background": look.paper, "--explorer-ink": look.ink, "--explorer-surface": look.surface}
        return {"padding": "12px", "max-width": "100%"} | (own if self._around is not None else {})

    def _take_away(self) -> pn.Column:
        self._link = CopyText(
            label="Link to what is shown", query=True, visible=self._address, sizing_mode="stretch_width"
        )
        self._python = CopyText(label="The Python that makes this", sizing_mode="stretch_width")
        self._command = CopyText(label="The command that makes this", sizing_mode="stretch_width")
        self._files = [SaveButton(label="Data as netCDF"), SaveButton(label="Data as CSV")]
        for button, make in zip(self._files, (download.netcdf, download.csv), strict=True):
            button.make = partial(self._file, make)
        files = pn.FlexBox(*self._files, gap="8px")
        return pn.Column(self._python, self._command, self._link, files, sizing_mode="stretch_width", min_width=0)

    def _file(self, make: Callable[[Any], Any]) -> bytes | None:
        page = self.state.page
        data = self._pages[page].data(self._answers[page]) if page in self._answers else None
        if data is None:
            self.complain("data must be asked of a page that shows some; got none")
            return None
        return bytes(make(data).getvalue())

    def _rebuild_entries(self) -> None:
        """The entries of another model."""
        entry = model_entry(self.state.model)
        self._fields = {}
        for field in fields_of(entry):
            part = Quantity(label=field.label, help=field.help, styles={"flex": "1 1 150px", "min-width": "0"})
            part.on_typed = partial(self.set_entry, field.name)
            part.on_moved = partial(self._moved, field)
            self._fields[field.name] = field, part
        self._place_entries()
        self._entries.objects = [part for _, part in self._fields.values()]
        jumps = [("", f"{entry.jumps[0]} (natural)"), *((name, name) for name in entry.jumps[1:])]
        self._jump.param.update(options=jumps, value=self._known_jump(entry.jumps))
        self._model.value = self.state.model

    def _known_jump(self, jumps: tuple[str, ...]) -> str:
        jump = self.state.entries.get("jump", "")
        return jump if jump in jumps[1:] else ""

    def _place_entries(self) -> None:
        """The texts and sliders where the state has them: told with its answer, or when that takes a while."""
        for name, (field, part) in self._fields.items():
            text = self.state.entries.get(name, "")
            ends, position = field.ends(text), field.position(text)
            found: dict[str, Any] = {"text": text, "slider": ends is not None, "serial": part.heard}
            if ends is not None:
                low, high = ends
                at = low if position is None else min(max(position, low), high)
                found |= {"low": low, "high": high, "step": field.step(text), "position": at}
            part.param.update(**{key: value for key, value in found.items() if getattr(part, key) != value})

    # --- what the visitor does --------------------------------------------------------------------------------------

    def _moved(self, field: Field, position: float) -> None:
        like = self.state.entries.get(field.name, "")
        low, high = field.ends(like) or (position, position)
        self.set_entry(field.name, field.text(min(max(position, low), high), like))

    def _set_jump(self, name: str) -> None:
        if name != self.state.entries.get("jump", ""):
            self.state = self.state.with_entry("jump", name)
            self._update()

    # --- computing and showing --------------------------------------------------------------------------------------

    def _visit(self) -> None:
        """The page of the state, made when it is first asked for."""
        name = self.state.page
        if name not in self._pages:
            self._pages[name] = page_class(name)(self)
        # What changes in a notebook right after it was put there may be lost: a page comes with its first answer.
        self._slot.objects = [] if self._around is not None else [self._pages[name].layout]
        self._tabs.value = name
        self._controls.visible = self._pages[name].entries
        self._update()

    def _update(self) -> None:
        """Compute what the state asks for, or say what is wrong with it and keep what is shown."""
        state = self.state
        page = self._pages[state.page]
        page.follow(state)
        try:
            if page.entries:
                state.system()
        except EntryError as error:
            self._refuse(error)
            return
        self._worker.submit(
            Task(lambda job: self._compute(page, state, job), partial(self._done, state), partial(self._failed, state))
        )

    @staticmethod
    def _compute(page: Page, state: State, job: Job) -> Any:
        return page.compute(state, job)

    def _done(self, state: State, answer: Any) -> None:
        self._answers[state.page] = answer
        if state.page != self.state.page:
            return
        with pn.io.hold():  # one message to the browser
            self._place_entries()
            self._pages[state.page].show(answer, self.dark)
            self._place()
            self.shown = state
            if state == self.state:
                self._clear()
            self._tell()

    def _place(self) -> None:
        """The page, where it is not there yet."""
        layout = self._pages[self.state.page].layout
        if layout not in self._slot.objects:
            self._slot.objects = [layout]

    def _failed(self, state: State, error: Exception) -> None:
        if state.page != self.state.page:
            return
        if isinstance(error, EinselectError):
            self._refuse(about(error, state.entries))
            return
        self._place_entries()
        self._place()
        if isinstance(error, MemoryError):
            self.complain("the answer does not fit into memory: what is shown is the last one that did")
        else:
            _LOG.error("the page %s failed", state.page, exc_info=error)
            self.complain(f"the page could not be made ({type(error).__name__}): what is shown is the last good one")

    def _refuse(self, error: EntryError) -> None:
        """A message beside its entry, or above the page."""
        self._place_entries()
        self._place()
        self._clear()
        if error.entry in self._fields and self._controls.visible:
            self._fields[error.entry][1].error = str(error)
        elif not self._pages[self.state.page].refuse(str(error)):
            self.complain(str(error))

    def _clear(self) -> None:
        for _, part in self._fields.values():
            if part.error:
                part.error = ""
        self._pages[self.state.page].refuse("")
        if self._alert.text != self._notice:
            self.complain(self._notice)

    def _tell(self) -> None:
        """The link, the code and the files of what is shown."""
        state, page = self.shown, self._pages[self.shown.page]
        query, python, command = state.query(), page.python(state), page.command(state)
        if self._browser is not None:
            self._browser.query = query
        self._link.text = query
        for part, text in ((self._python, python), (self._command, command)):
            part.param.update(text=text or "", visible=text is not None)
        for button, suffix in zip(self._files, (".nc", ".csv"), strict=True):
            button.filename = f"einselect-{state.page}{suffix}"

    def _busy(self, fraction: float | None) -> None:
        with pn.io.hold():
            if fraction is not None:
                self._place_entries()
            self._progress.param.update(running=fraction is not None, fraction=fraction or 0.0)
