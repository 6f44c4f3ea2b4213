"""Runs graphs: one worker at a time for each run key, and after a crash only what was not finished."""

import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langsmith import tracing_context

from bot.language.asking import Errand, Language
from graphs.ports import Clock, Context, Embedder, Outgoing
from memory import checkpoints, leases
from memory.database import Database
from memory.models.ids import PersonId, TeamId

log = logging.getLogger(__name__)
Graph = CompiledStateGraph[Any, Context, Any, Any]


@dataclass(frozen=True)
class Runs:
    """Starts and resumes runs. `owner` names this worker in leases."""

    team: TeamId
    own_id: str
    database: Database
    saver: BaseCheckpointSaver[Any]
    graphs: Mapping[str, Graph]
    clock: Clock
    outgoing: Outgoing
    owner: str
    embedder: Embedder
    lease_seconds: float = leases.LENGTH
    language: Language | None = None

    async def run(
        self,
        graph: str,
        run_key: str,
        start: Mapping[str, Any],
        *,
        forget: bool = False,
        onward: bool = False,
        swift: bool = False,
        person: PersonId | None = None,
        background: bool = False,
        patience: float = math.inf,
    ) -> dict[str, Any]:
        """Runs a graph to its end and returns its state; a run that was begun before goes on where it stopped.

        A finished run is not repeated, unless `forget` drops its state at the end. `onward`: a key has one run for each
        `start`, which begins with the state that the last one left; of its checkpoints only the latest is kept. A
        `swift` run is kept when it ends, not after each node: it is sooner done again. A model is asked for `person`,
        for longer in the `background`, never more than `patience` seconds. Raises LeaseHeld when another is on it.
        """
        ended: dict[str, Any] = {}
        config: RunnableConfig = {"configurable": {"thread_id": run_key}, "recursion_limit": 50}
        async with leases.holding(self.database, self.team, run_key, self.owner, self.lease_seconds) as lease:
            context = Context(
                team_id=self.team,
                own_id=self.own_id,
                database=self.database,
                clock=self.clock,
                lease=lease,
                outgoing=self.outgoing,
                model=self._models(run_key, person, background, patience),
                embedder=self.embedder,
            )
            compiled = self.graphs[graph]
            begun = await checkpoints.begun(self.saver, run_key)
            same = begun is not None and (not onward or start.items() <= begun.values.items())
            if begun and same and not begun.ahead and not forget:
                return dict(begun.values)
            resumed = begun is not None and same and bool(begun.ahead) and begun.ahead <= compiled.nodes.keys()
            if begun and not resumed and (same or forget):
                # Its worker was ended before it could do so; or a Daybook whose graph had other nodes began it.
                await self.saver.adelete_thread(run_key)
            steps = compiled.astream(
                None if resumed else dict(start),
                config,
                context=context,
                durability="exit" if swift else "sync",
                stream_mode=["tasks", "values"],
            )
            with tracing_context(enabled=False):  # a trace would hold states and errors, and leave the house
                async for kind, told in cast(AsyncIterator[tuple[str, Any]], steps):
                    if kind == "values":
                        ended = dict(told)
                    else:
                        self._tell(graph, run_key, told, resumed=resumed)
            if forget:
                await self.saver.adelete_thread(run_key)
            elif onward and begun and not resumed:
                await checkpoints.keep_latest(self.saver, run_key)
            return ended

    def _models(self, run_key: str, person: PersonId | None, background: bool, patience: float) -> Errand | None:
        if self.language is None:
            return None
        # One without patience too: what a model answered before is taken.
        return self.language.errand(run_key, person, background=background, most=patience)

    def _tell(self, graph: str, run_key: str, step: Any, *, resumed: bool) -> None:
        """Names of nodes only: what they return may hold more than a log should."""
        done = "result" in step or step.get("error")
        told = {"graph": graph, "run_key": run_key, "node": step["name"], "resumed": resumed}
        log.log(
            logging.DEBUG if graph == "extraction" else logging.INFO, "node_done" if done else "node_begun", extra=told
        )
