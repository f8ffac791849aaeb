"""`python -m assistant`, and the command `assistant`."""

import gc


def main() -> None:
    """Run a command. No garbage is looked for while it is imported, for there is none."""
    gc.disable()
    from assistant.cli import main as run

    gc.enable()
    run()


if __name__ == "__main__":
    main()
