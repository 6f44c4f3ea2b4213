"""The graphs as Mermaid draws them, and the page that shows them. `make diagrams` writes the page anew."""

import re
from pathlib import Path

from graphs import answering, briefing, extraction, offering

PAGE = Path(__file__).parents[1] / "docs" / "graphs.md"
GRAPHS = {"extraction": extraction, "briefing": briefing, "answering": answering, "offering": offering}
_DRAWING = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)


def drawn() -> list[str]:
    """Each graph as it is built today."""
    return [graph.build().compile().get_graph().draw_mermaid() for graph in GRAPHS.values()]


def shown(page: str) -> list[str]:
    """Each drawing on the page, in its order."""
    return _DRAWING.findall(page)


def redrawn(page: str) -> str:
    """The page with today's graphs in the places of its drawings."""
    graphs = iter(drawn())
    return _DRAWING.sub(lambda _: f"```mermaid\n{next(graphs)}```", page)


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
