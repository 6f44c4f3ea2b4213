"""The command line: every command by its name."""

import typer

from bot.commands import costing, exports, keeping, knowing, serving, spending
from bot.commands.conduct import guarded
from bot.evaluation.commands import cli as evaluation

cli = typer.Typer(
    name="daybook",
    help="A chief of staff for engineering leaders, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(serving.demo)
cli.command()(serving.run)
cli.command()(serving.worker)
cli.command()(serving.migrate)
cli.command()(serving.doctor)
cli.command("import")(exports.import_export)
cli.command()(exports.brief)
cli.command()(knowing.facts)
cli.command()(knowing.replay)
cli.command()(knowing.reextract)
cli.command()(keeping.forget)
cli.command()(keeping.retention)
cli.command("privacy-receipt")(keeping.privacy_receipt)
cli.command()(spending.usage)
cli.command()(exports.segment)
cli.add_typer(evaluation)
cli.add_typer(costing.cli)


def main() -> None:
    """Runs a command; anything expected that goes wrong ends it with one line and exit code 2."""
    guarded(lambda: cli(prog_name="daybook"))
