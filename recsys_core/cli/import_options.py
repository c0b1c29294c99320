"""The options of ``driftmap import``."""

from pathlib import Path
from typing import Annotated

import typer

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Logs of interactions: files, gz, zst or zip, or folders of them."),
]
DomainOption = Annotated[
    str | None,
    typer.Option("--domain", metavar="NAME", help="The domain of all rows; else a column or file name."),
]
ItemsOption = Annotated[
    list[Path] | None,
    typer.Option("--items", metavar="FILE", help="Items with title and text; several may follow."),
]
PeopleOption = Annotated[
    list[Path] | None,
    typer.Option("--people", metavar="FILE", help="What is told of users, a row each; several may follow."),
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="What the files are: auto, csv, tsv, jsonl, parquet, movielens, amazon, mind, recbole, ga4, "
        "segment or hm.",
    ),
]
MappingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="ROLE=COLUMN",
        help="Correct the guessed columns. Roles: user, item, time, domain, event, weight, session, "
        "title, text, category, image; items.item=… means the items' file, people.user=… that of people.",
    ),
]
EncodingOption = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="Of the text, where the guess is wrong.")
]
DelimiterOption = Annotated[
    str, typer.Option("--delimiter", metavar="D", help="Between cells, where the guess is wrong.")
]
ZoneOption = Annotated[
    str,
    typer.Option("--zone", metavar="ZONE", help="Time zone of times that name none, e.g. Europe/Paris."),
]
DatesOption = Annotated[
    str,
    typer.Option("--dates", metavar="ORDER", help="day-first or month-first."),
]
UnitOption = Annotated[
    str,
    typer.Option(
        "--unit", metavar="UNIT", help="Of times that are numbers: seconds, milliseconds, microseconds, …"
    ),
]
EventsOption = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="EVENT=WEIGHT", help="Weight of an event; 0 leaves it out."),
]
MinWeightOption = Annotated[
    float | None, typer.Option("--min-weight", metavar="N", help="Leave out weights or ratings below N.")
]
EqualWeightsOption = Annotated[
    bool, typer.Option("--equal-weights", help="Let every event that is kept count 1.")
]
RepeatsOption = Annotated[
    str,
    typer.Option(
        "--repeats",
        metavar="POLICY",
        help="What is a repeat: lines (the same in every column), moments (user, item, event and time), "
        "pairs (user and item); keep leaves all in.",
    ),
]
CoreOption = Annotated[
    int,
    typer.Option("--k-core", metavar="K", help="Leave out users and items with fewer events, in turn."),
]
MinHistoryOption = Annotated[
    int, typer.Option("--min-history", metavar="N", help="Leave out users with fewer events.")
]
MaxBadOption = Annotated[
    float, typer.Option("--max-bad", metavar="SHARE", help="Stop above this share of bad rows, 0 to 1.")
]
AppendOption = Annotated[
    bool, typer.Option("--append", help="Add to a domain that is there instead of replacing it.")
]
PseudonymiseOption = Annotated[
    bool, typer.Option("--pseudonymise", help="Replace user ids by keyed hashes; the key stays here.")
]
