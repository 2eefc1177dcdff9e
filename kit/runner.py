"""The work of one run: parts of a recipe are made some at a time, recorded, and sent on."""

import datetime as dt
import os
import threading
import time
import zoneinfo
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from kit import apart, checks, cron, files, inputs, params, recipe
from kit import channels as outward
from kit import period as periods
from kit import run as reports
from kit.apart import Order, may_pass
from kit.channels import Channel, Made
from kit.errors import (
    KitError,
    ParameterError,
    RecipeError,
    SendError,
    WriteError,
    nearest,
)
from kit.execute import Limits
from kit.inputs import Inputs
from kit.ledger import Ledger, Run, Send
from kit.outcomes import Outcome, State, meant, screen
from kit.period import Period
from kit.recipe import Part, Recipe

_NEVER_PAGES = ("run.json", "notebooks/")  # they tell the time of a run; pages do not
Make = Callable[[Order, Callable[[str], None], threading.Event], None]
Notify = Callable[[Recipe, str, Ledger, int], None]


@dataclass(frozen=True, slots=True)
class How:
    """With what a recipe is run: how a report is made and sent, who is told how far it is."""

    make: Make = apart.make
    channels: Mapping[str, Channel] = field(default_factory=lambda: outward.CHANNELS)
    checks: Mapping[str, outward.Check] = field(default_factory=lambda: outward.CHECKS)
    notify: Notify = outward.notify
    progress: Callable[[str, str], None] = lambda part, step: None
    width: int = 0  # reports at a time; 0: by cores and memory
    pause: float = 5.0  # seconds before what may pass is tried again
    dry: bool = False  # the channels say what they would do: what is still to be sent must not go


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a run."""

    at: dt.datetime
    due: str | None
    period: str
    force: bool
    told: bool  # whether the owner knows already that it failed


@dataclass(frozen=True, slots=True)
class _Went:
    """What came of the outward acts for a report."""

    unsent: tuple[KitError, ...] = ()
    sent: tuple[Send, ...] = ()


@dataclass
class _Job:
    """A report that is being made."""

    part: Part
    order: Order
    run: int
    period: str
    last: Run | None  # that made the report before it
    went: _Went  # of that one
    future: "Future[None]"
    ends: float


class Runner:
    """Runs the parts of a recipe, some at a time; the ledger is written by one thread alone."""

    def __init__(
        self, made_of: Recipe, folder: Path, ledger: Ledger, how: How, asked: Asked
    ) -> None:
        self._recipe, self._folder, self._ledger = made_of, folder, ledger
        self._how, self._asked = how, asked
        self._stop = threading.Event()

    def all(self, only: Sequence[str]) -> list[Outcome]:
        """Make the reports, or those of these parts, and send them on; return what became of each."""
        if wrong := checks.of(self._recipe, self._how.checks):
            error = RecipeError("\n".join(str(one) for one in wrong))
            return [self._refused(Part("", self._recipe.source, "", {}, {}), "", error)]
        parts = chosen(self._recipe, only)
        width = self._how.width or apart.width(len(parts))
        outcomes: list[Outcome] = []
        at_work: deque[_Job | Outcome] = deque()

        def settle() -> None:
            first = at_work.popleft()
            outcomes.append(first if isinstance(first, Outcome) else self._finish(first, pool))

        with ThreadPoolExecutor(width) as pool:
            try:
                for part in parts:
                    at_work.append(self._begin(part, pool, width))
                    if len(at_work) >= width:
                        settle()
                while at_work:
                    settle()
            except BaseException:
                self._stop.set()  # ends what is being made
                raise
        return outcomes

    def rest(self) -> tuple[KitError, ...]:
        """Do what is left of the outward acts; return what went wrong."""
        unsent: list[KitError] = []
        for part in recipe.parts(self._recipe):
            final = self._folder / self._recipe.name / part.name
            last = self._ledger.last_made(self._recipe.name, part.name)
            if last and intact(last, final, self._ledger):
                unsent += self._send(last, final).unsent
        for run in self._ledger.runs(self._recipe.name, last=recipe.MOST):
            if run.due == self._asked.due and run.state == "failed":
                unsent += self._tell(run.error or "", run.id)
        return tuple(unsent)

    def _begin(self, part: Part, pool: ThreadPoolExecutor, width: int) -> _Job | Outcome:
        """Begin a report, or say why there is nothing to be done."""
        final = self._folder / self._recipe.name / part.name
        last = self._ledger.last_made(self._recipe.name, part.name)
        span = ""
        try:
            files.settle(final)
            span = str(self._period(part))
            inputs.check(part.source)
            report = self._plan(part, span)
            found = inputs.fingerprint(inputs.places(part), self._ledger)
            key = inputs.identity(report, part.name, span, found.sha256)
            _check_place(self._folder / self._recipe.name, part)
        except KitError as error:
            return self._refused(part, span, error)
        except OSError as error:
            return self._refused(part, span, meant(error))
        went = _Went()
        other = last is not None and last.period != span
        if last and (not self._asked.force or other) and intact(last, final, self._ledger):
            same = not self._asked.force and last.identity == key
            if same or self._nothing_new(last, found):
                state: State = "unchanged" if same else "nothing new"
                run, went = last.id, self._send(last, final)
                return Outcome(
                    part.name,
                    state,
                    final,
                    last.period,
                    run,
                    run,
                    unsent=went.unsent,
                    sent=went.sent,
                )
            # a report of another period takes its place: who lacks it gets it now or never
            if other and self._how.dry and self._waited_for(last, final):
                waits = SendError(
                    f"the report of {last.period or 'all days'} is not yet with all who are to have it, "
                    f"and would be replaced. `kit run {self._recipe.name}` sends it first"
                )
                return Outcome(part.name, "failed", final, span, None, last.id, waits)
            went = self._send(last, final) if other else _Went()
        run = self._ledger.begin(
            self._recipe.name,
            part.name,
            key,
            period=span,
            due=self._asked.due,
            inputs={"source": part.source, "title": report.title, **asdict(found)},
        )
        record = {
            "recipe": self._recipe.name,
            "part": part.name,
            "run": run,
            "period": span,
            "title": report.title,
            "identity": key,
        }
        seconds = self._recipe.timeout
        kernels = ((os.cpu_count() or 1) + 2) // width if width > 1 else 0
        order = Order(
            report,
            final,
            self._folder / ".failed" / self._recipe.name / part.name,
            record,
            Limits(self._recipe.cell_timeout, min(self._recipe.notebook_timeout, seconds), kernels),
            seconds,
        )
        future = self._submit(pool, part, order)
        return _Job(part, order, run, span, last, went, future, time.monotonic() + seconds)

    def _submit(self, pool: ThreadPoolExecutor, part: Part, order: Order) -> "Future[None]":
        def step(name: str) -> None:
            self._how.progress(part.name, name)

        return pool.submit(self._how.make, order, step, self._stop)

    def _finish(self, job: _Job, pool: ThreadPoolExecutor) -> Outcome:
        """Wait for a report; record it and send it, or record why there is none."""
        error = self._result(job)
        for _ in range(self._recipe.retries):
            left = job.ends - time.monotonic() - self._how.pause
            if error is None or not may_pass(error) or left <= 0:
                break
            self._ledger.again(job.run, screen(error))
            time.sleep(self._how.pause)
            limits = replace(job.order.limits, notebook=min(job.order.limits.notebook, left))
            again = replace(job.order, seconds=left, limits=limits)
            job.future = self._submit(pool, job.part, again)
            error = self._result(job)
        final = job.order.final
        outputs: dict[str, str] = {}
        if error is None:
            try:
                outputs = reports.verified(final)
            except KitError as found:
                error = found
        if error is not None:
            return self._failed(job.run, job.part, job.period, error, job.went)
        same = None
        if job.last and job.last.period == job.period:
            before = self._ledger.outputs(job.last.id)
            same = job.last.id if _pages(before) == _pages(outputs) else None
        self._ledger.made(job.run, final.relative_to(self._folder), outputs, same=same)
        made = self._ledger.run(job.run)
        assert made
        went = self._send(made, final)
        return Outcome(
            job.part.name,
            "made",
            final,
            job.period,
            job.run,
            job.run,
            unsent=(*job.went.unsent, *went.unsent),
            sent=(*job.went.sent, *went.sent),
        )

    def _result(self, job: _Job) -> KitError | None:
        try:
            job.future.result()
        except Exception as error:
            return meant(error)
        return None

    def _refused(self, part: Part, span: str, error: KitError) -> Outcome:
        """Record a report that could not even be begun."""
        run = self._ledger.begin(
            self._recipe.name,
            part.name,
            "",
            period=span,
            due=self._asked.due,
            inputs={"source": part.source},
        )
        return self._failed(run, part, span, error, _Went())

    def _failed(self, run: int, part: Part, span: str, error: KitError, before: _Went) -> Outcome:
        text = screen(error)
        self._ledger.failed(run, text, error.exit_code)
        unsent = (*before.unsent, *(() if self._asked.told else self._tell(text, run)))
        final = self._folder / self._recipe.name / part.name
        last = self._ledger.last_made(self._recipe.name, part.name)
        stands = last.id if last else None
        return Outcome(part.name, "failed", final, span, run, stands, error, unsent, before.sent)

    def _tell(self, text: str, run: int) -> tuple[KitError, ...]:
        """Tell the owner that a run failed; return what went wrong with that."""
        try:
            self._how.notify(self._recipe, text, self._ledger, run)
        except WriteError:
            raise
        except Exception as not_told:
            return (meant(not_told),)
        return ()

    def _send(self, run: Run, final: Path) -> _Went:
        """Do what is left of the outward acts for a finished report; return what came of it."""
        made = Made(self._recipe, run, final, self._ledger)
        before = {(s.channel, s.recipient): s.state for s in self._ledger.sends(run.id)}
        errors = []
        for name, channel in self._how.channels.items():
            if getattr(self._recipe, name) is not None:
                try:
                    channel(made)
                except WriteError:
                    raise  # the ledger: what is done from here on nobody would know of
                except Exception as error:
                    errors.append(meant(error))
        done = (s for s in self._ledger.sends(run.id) if s.state == "sent")
        new = [s for s in done if before.get((s.channel, s.recipient)) != "sent"]
        order = list(self._how.channels)
        new.sort(key=lambda s: [*order, s.channel].index(s.channel))
        return _Went(tuple(errors), tuple(new))

    def _waited_for(self, run: Run, final: Path) -> bool:
        """Whether something of the outward acts for a report is still to be done."""
        return any(outward.left(Made(self._recipe, run, final, self._ledger)).values())

    def _period(self, part: Part) -> Period:
        schedule, at = self._recipe.schedule, self._asked.at
        zone = schedule.zone if schedule else "UTC"
        if schedule and schedule.cron and self._asked.due is None and not self._asked.period:
            # run by hand it tells of what it told of, or should have told of, when it was due
            at = cron.last(schedule.cron, zone, at) or at
        day = at.astimezone(zoneinfo.ZoneInfo(zone)).date()
        told = map(periods.read, self._ledger.periods(self._recipe.name, part.name))
        ended = [before for before in told if before.last]
        before = max(ended, key=lambda one: one.last or day, default=None)
        return periods.before(self._asked.period or part.period, day, before)

    def _plan(self, part: Part, span: str) -> reports.Report:
        """Return what the report is made of; a period is passed as the last and the first day that count."""
        names = self._recipe.notebooks or reports.STANDARD
        given = dict(part.parameters)
        if span:
            notebooks = reports.find_notebooks(names)
            if lacking := checks.without_end(notebooks):
                raise RecipeError(
                    f"{self._recipe.name}: no report of {span}: {', '.join(lacking)} would read texts of "
                    "later days too: no parameter until there"
                )
            period = periods.read(span)
            days = {"since": period.first, "until": period.last}
            known = {name for path in notebooks.values() for name in params.declared(path)}
            given |= {k: day.isoformat() if day else "" for k, day in days.items() if k in known}
        values = {**part.varies, "source": part.source, "period": span}
        return reports.plan(
            part.source,
            given,
            names=names,
            formats=self._recipe.formats,
            title=recipe.filled(self._recipe.title, values),
            look=asdict(self._recipe.look) if self._recipe.look else None,
            origin="recipe",
        )

    def _nothing_new(self, last: Run, found: Inputs) -> bool:
        """Whether a report that is made on new texts only has none."""
        only_new = self._recipe.schedule is not None and self._recipe.schedule.only_new
        scheduled = self._asked.due is not None and not self._asked.force
        return only_new and scheduled and last.inputs.get("sha256") == found.sha256


def chosen(made_of: Recipe, only: Sequence[str]) -> list[Part]:
    """Return the parts of a recipe, or those of these names; raises ParameterError for an unknown one."""
    parts = {part.name: part for part in recipe.parts(made_of)}
    for name in only:
        if name not in parts:
            known = f"There are: {', '.join(parts)}" if any(parts) else "It has no matrix"
            raise ParameterError(f"{made_of.name}: no part {name}.{nearest(name, parts)} {known}")
    return [part for name, part in parts.items() if not only or name in only]


def intact(run: Run, final: Path, ledger: Ledger) -> bool:
    """Whether the report of a run stands in its folder as it was made."""
    try:
        return reports.verified(final) == ledger.outputs(run.id)
    except KitError:
        return False


def _check_place(folder: Path, part: Part) -> None:
    """Raise WriteError where a report stands in the place of reports of a matrix, or the other way round."""
    if part.name and (folder / "run.json").is_file():
        raise WriteError(
            f"{folder}: a report from before there was a matrix stands where its reports go; move it away"
        )
    if not part.name and any(folder.glob("[!.]*/run.json")):
        raise WriteError(
            f"{folder}: reports of a matrix stand where one report goes now; move them away"
        )


def _pages(outputs: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in outputs.items() if not k.startswith(_NEVER_PAGES)}
