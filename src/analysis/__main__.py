"""The program: `media-analysis`, `python -m analysis`."""

import signal

_ANSWER = signal.getsignal(signal.SIGINT)
if _ANSWER is signal.default_int_handler:  # while it is being loaded Ctrl-C just ends it: nothing is begun
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from analysis import cli  # noqa: E402


def main() -> int:
    """Run the command of the command line, which answers Ctrl-C from here on."""
    signal.signal(signal.SIGINT, _ANSWER)
    try:
        return cli.main()
    finally:
        if _ANSWER is signal.default_int_handler:  # what is left is to end, which Ctrl-C may do at once
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    raise SystemExit(main())
