"""The command ``kit``: what the library does, from a shell."""

import signal
import sys

import click

from kit.errors import KitError, UsageError

EXIT_CODES = """\b
Exit codes:
  0    done
  1    an unexpected fault
  2    the command line does not say what is needed
  3    nothing could be read from the source
  4    a parameter or notebook that does not exist or does not fit
  5    a notebook failed or its kernel died
  6    the report could not be rendered
  7    the output could not be written
  8    read --strict: something was left out
  9    a recipe that is not there or does not fit
  10   the same recipe is being run already
  11   a report was made, but did not reach all who should have it
  130  interrupted
  143  ended by SIGTERM"""


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="readout-kit", prog_name="kit")
def kit() -> None:
    """Readout: what official texts say and how they say it, every figure tied to its sentence."""


def main() -> None:
    """Run the command line; an error that is meant for people is one line and an exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        code = kit.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except KitError as error:
        click.echo(f"kit: {error}", err=True)
        sys.exit(error.exit_code)
    except SystemExit as done:
        # click ends with 1 where the reader of a pipe has enough; that is no failure
        enough = type(sys.stdout).__name__.endswith("PacifyFlushWrapper")
        sys.exit(0 if enough else done.code)
    except KeyboardInterrupt:
        click.echo("kit: interrupted; nothing was changed", err=True)
        sys.exit(130)
