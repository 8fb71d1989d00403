"""mentorkit: a mentoring workshop written as YAML, made into books, worksheets and a report."""

__version__ = "0.1.0"
