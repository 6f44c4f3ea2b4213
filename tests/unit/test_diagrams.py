from tests import diagrams


def test_the_page_shows_the_graphs_as_they_are() -> None:
    """Whoever changes a graph sees the change in docs/graphs.md, and so does its reviewer."""
    page = diagrams.PAGE.read_text(encoding="utf-8")
    assert diagrams.shown(page) == diagrams.drawn(), "docs/graphs.md shows other graphs: run `make diagrams`."
