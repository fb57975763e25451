"""Start: `python -m relationdesk` and the command `relationdesk`."""

from relationdesk.app import main

if __name__ == "__main__":
    main()
