"""RelationDesk: from several places to one person."""

__version__ = "0.1.0"
