"""The order of a deploy, and the way back from each point of it. Knows no Docker: it is tested by failing every call in turn."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

from rollout.droplet import Droplet, Pending
from rollout.journal import DeployError, Journal, State, Store

KEEP_RELEASES = 5
T = TypeVar("T")


class Changeover:
    """One droplet's deploys. `say` gets a line for each step."""

    def __init__(self, droplet: Droplet, store: Store, say: Callable[[str], None]) -> None:
        self._droplet = droplet
        self._store = store
        self._say = say
        self._started = time.monotonic()
        self._timings: dict[str, float] = {}
        self._lost: dict[str, int] = {}

    def deploy(self, image: str, *, who: str, restore: str | None = None) -> None:
        """Returns when the image serves and was watched. Raises `DeployError` after the old one serves again.

        `restore` names a snapshot that becomes the database, in place of a migration.
        """
        self._undo_what_was_left()
        state = self._store.state()
        journal = Journal(_new_id(), image, state.free_slot, state.slot, state.image)
        try:
            self._change(journal, restore)
            self._keep(journal, state)
            self._begin(journal, "watching")
            self._step("watch", lambda: self._droplet.watch(journal.new_slot))
        except Exception as error:
            self._failed(journal, state, who, error)
            raise DeployError(f"Not deployed: {error}") from error
        self._store.forget_journal()
        self._record(journal, who, "deployed", None)
        self._droplet.adopt(image)

    def roll_back(self, steps: int, *, who: str, with_database: bool) -> None:
        """To what served `steps` releases ago. Raises `DeployError`, also when that release needs its own database and
        `with_database` does not allow it: what was written since would be set aside."""
        self._undo_what_was_left()
        history = self._store.state().history
        if not 1 <= steps < len(history):
            raise DeployError(f"There are {max(0, len(history) - 1)} earlier releases. See: deploy status")
        since = history[:steps]
        breaking = [release for release in since if release["breaking"]]
        if breaking and not with_database:
            raise DeployError(
                f"{breaking[-1]['image']} changed the database so that the release wanted cannot use it. "
                "Add --with-database to go back to the database of then; what was written since is set aside and reported."
            )
        # The snapshot from just before the first of the releases that are undone.
        restore = str(since[-1]["snapshot"]) if with_database else None
        self.deploy(str(history[steps]["image"]), who=who, restore=restore)

    def repair(self) -> bool:
        """After a deploy that was killed: back to what served before it. False when there was nothing to do."""
        return self._undo_what_was_left()

    def _change(self, journal: Journal, restore: str | None) -> None:
        droplet, image = self._droplet, journal.image
        self._step("verify", lambda: droplet.verify(image))
        self._step("pull", lambda: droplet.pull(image))
        pending = self._step("pending", lambda: droplet.pending(image))
        journal.breaking = restore is not None or (pending.breaking and not pending.empty)
        if not pending.empty:
            self._snapshot_and_rehearse(journal, pending)
        if journal.breaking:
            self._close(journal)
        if restore is not None:
            self._begin(journal, "migrating")
            self._lost = dict(self._step("put-back", lambda: droplet.put_back(image, restore)))
        elif pending.revisions:
            self._begin(journal, "migrating")
            self._step("migrate", lambda: droplet.migrate(image))
        self._begin(journal, "starting")
        self._step("start", lambda: droplet.start_slot(journal.new_slot, image, draining=True))
        self._step("gate", lambda: droplet.gate(journal.new_slot))
        # After a breaking migration the worker is proven before anybody may write again; else people do not wait for it.
        for phase in ("worker", "switching") if journal.breaking else ("switching", "worker"):
            self._begin(journal, phase)
            if phase == "worker":
                self._step("worker", lambda: droplet.start_worker(image))
            else:
                self._step("switch", lambda: self._switch(journal))
                # What people wait for ends here; the worker is handed over and the release watched while they use it.
                self._timings["switched"] = time.monotonic() - self._started

    def _snapshot_and_rehearse(self, journal: Journal, pending: Pending) -> None:
        journal.snapshot = journal.id
        before = self._step("snapshot", lambda: self._droplet.snapshot(journal.image, journal.id))
        if pending.revisions:
            after = self._step("rehearse", lambda: self._droplet.rehearse(journal.image, journal.id))
            refuse_lost_rows(before, after, breaking=pending.breaking)

    def _close(self, journal: Journal) -> None:
        """Nothing may be written from here to the gate: so the way back loses nothing that was acknowledged."""
        droplet = self._droplet
        self._begin(journal, "closed")
        self._step("close", droplet.close)
        self._step("stop-worker", droplet.stop_worker)
        if journal.old_slot is not None:
            old = journal.old_slot
            self._step("stop-old", lambda: droplet.stop_slot(old))
        # Again, under another name: the first one is older than the last write.
        final = f"{journal.id}-closed"
        self._step("final-snapshot", lambda: droplet.snapshot(journal.image, final))
        journal.snapshot = final
        self._store.keep_journal(journal)

    def _switch(self, journal: Journal) -> None:
        self._droplet.take_traffic(journal.new_slot)
        if journal.breaking:
            self._droplet.open()
        if journal.old_slot is not None:
            self._droplet.drain(journal.old_slot)
            self._droplet.stop_slot(journal.old_slot)

    def _undo_what_was_left(self) -> bool:
        journal = self._store.journal()
        if journal is None:
            return False
        state = self._store.state()
        if "watching" in journal.begun:
            return self._watch_again(journal, state)
        self._say(f"A deploy of {journal.image} was cut off; going back to {journal.old_image or 'nothing'}.")
        self._back(journal)
        self._restore_state(journal, state)
        self._record(journal, "repair", "undone", "the deploy was cut off")
        return True

    def _watch_again(self, journal: Journal, state: State) -> bool:
        """It was live already: people have written since, so it stays unless it is bad."""
        try:
            self._step("watch", lambda: self._droplet.watch(journal.new_slot))
        except DeployError as error:
            self._failed(journal, state, "repair", error)
            return True
        self._store.forget_journal()
        self._record(journal, "repair", "deployed", "the watch was cut off and done again")
        return True

    def _failed(self, journal: Journal, state: State, who: str, error: Exception) -> None:
        self._say(f"FAILED: {error}")
        self._timings["detected"] = time.monotonic() - self._started
        try:
            self._back(journal)
        except DeployError as problem:
            # The journal stays: each minute's repair tries again from here.
            raise DeployError(
                f"{error} The way back is not complete either, and is tried again: {problem}"
            ) from problem
        self._restore_state(journal, state)
        self._timings["undone"] = time.monotonic() - self._started
        self._record(journal, who, "undone", str(error))

    def _restore_state(self, journal: Journal, state: State) -> None:
        if state.slot == journal.new_slot and state.image == journal.image and state.history:
            state.history.pop(0)
        state.slot, state.image = journal.old_slot, journal.old_image
        self._store.keep_state(state)
        self._store.forget_journal()

    def _back(self, journal: Journal) -> None:
        """From any point to what served before. Old first, so that somebody always serves; may itself be repeated."""
        droplet, begun = self._droplet, set(journal.begun)
        if not begun:
            return
        self._say("Going back …")
        if journal.breaking and "migrating" in begun:
            self._database_back(journal)
        if journal.old_slot is not None and journal.old_image is not None and begun & {"closed", "switching"}:
            droplet.start_slot(journal.old_slot, journal.old_image, draining=False)
            droplet.take_traffic(journal.old_slot)
        if journal.breaking:
            droplet.open()
        # From here on people have the old program again, if they ever lost it; the rest is tidying up.
        self._timings["old_serves"] = time.monotonic() - self._started
        if "starting" in begun:
            droplet.drain(journal.new_slot)
            droplet.stop_slot(journal.new_slot)
        if begun & {"closed", "worker"} and journal.old_image is not None:
            droplet.start_worker(journal.old_image)
        elif begun & {"closed", "worker"}:
            droplet.stop_worker()

    def _database_back(self, journal: Journal) -> None:
        droplet = self._droplet
        droplet.close()
        droplet.stop_worker()
        for slot in (journal.new_slot, journal.old_slot):
            if slot is not None:
                droplet.stop_slot(slot)
        if journal.snapshot is not None and "put-back" not in journal.begun:
            self._lost = dict(droplet.put_back(journal.image, journal.snapshot))
            self._begin(journal, "put-back")

    def _keep(self, journal: Journal, state: State) -> None:
        """From here on a reader of the state sees the new image; the journal stays until the watch is over."""
        history: list[dict[str, object]] = [
            {"id": journal.id, "image": journal.image, "snapshot": journal.snapshot, "breaking": journal.breaking}
        ]
        kept = State(journal.new_slot, journal.image, [*history, *state.history][: KEEP_RELEASES + 1])
        self._store.keep_state(kept)
        self._timings["live"] = time.monotonic() - self._started
        self._say(f"Live after {self._timings['live']:.1f} s: {journal.image} in {journal.new_slot}.")

    def _begin(self, journal: Journal, phase: str) -> None:
        """Written down before anything is changed."""
        journal.begun.append(phase)
        self._store.keep_journal(journal)

    def _step(self, name: str, do: Callable[[], T]) -> T:
        started = time.monotonic()
        done = do()
        self._timings[name] = time.monotonic() - started
        self._say(f"{name:15} {self._timings[name]:6.1f} s")
        return done

    def _record(self, journal: Journal, who: str, outcome: str, reason: str | None) -> None:
        rounded = {name: round(seconds, 2) for name, seconds in self._timings.items()}
        self._store.keep_record(
            {
                **asdict(journal),
                "outcome": outcome,
                "reason": reason,
                "who": who,
                "seconds": rounded,
                "lost_rows": self._lost,
                "ended": _now(),
            }
        )


def refuse_lost_rows(before: Mapping[str, int], after: Mapping[str, int], *, breaking: bool) -> None:
    """A migration may add rows; a table may only disappear in a breaking one. Raises `DeployError` that names the tables."""
    lost = [
        f"{table}: {rows} → {after[table]}" for table, rows in before.items() if table in after and after[table] < rows
    ]
    gone = [f"{table}: {rows} → no table" for table, rows in before.items() if table not in after and rows]
    if lost or (gone and not breaking):
        raise DeployError("The rehearsed migration loses rows (" + ", ".join(lost + gone) + ").")


def _new_id() -> str:
    """Sorts by time; names the snapshot too, so two deploys in one second must differ."""
    now = time.time_ns()
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now // 10**9))}.{now // 1000 % 10**6:06d}Z"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
