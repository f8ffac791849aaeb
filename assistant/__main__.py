"""`python -m assistant`, and the command `assistant`."""

import gc


def main() -> None:
    """Run a command. No garbage is looked for while it is imported, for there is none."""
    gc.disable()
    from assistant import cli

    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
