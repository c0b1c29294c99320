"""Published logs from file to dataset, as people get them: several files, in folders and archives."""

import gzip
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace

USERS = range(1, 25)
Import = Callable[..., ImportReport]


@pytest.fixture
def imported(ws: Workspace, tmp_path: Path) -> Import:
    """Writes the files into a folder of the given name and imports it, as a folder or as an archive."""

    def do(name: str, files: Mapping[str, str | bytes], packed: bool = False) -> ImportReport:
        folder = tmp_path / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        if not packed:
            return import_logs(ws, ImportRequest.of("shop", [folder]))
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for file in files:
                archive.write(folder / file, f"{name}/{file}")
        return import_logs(ws, ImportRequest.of("shop", [tmp_path / f"{name}.zip"]))

    return do


def first(report: ImportReport) -> tuple[object, ...]:
    """The first stored event: user, item, time, event and weight."""
    rows = pd.read_parquet(report.info.folder / "interactions.parquet")
    row = rows.sort_values(["user_id", "timestamp"], kind="stable").iloc[0]
    return (
        row["user_id"],
        row["item_id"],
        f"{row['timestamp']:%Y-%m-%d %H:%M:%S}",
        row["event"],
        row["weight"],
    )


def titles(ws: Workspace) -> list[str]:
    return sorted(title for title in ws.load_dataset("shop").items["title"] if title)


def told_of(ws: Workspace, user: str) -> dict[str, str]:
    """What is stored of a person."""
    people = ws.load_dataset("shop").people
    assert people is not None
    return dict(people.table.set_index("user_id").loc[user])


def left_out(report: ImportReport) -> list[str]:
    return [finding.about for finding in report.findings if finding.kind == "left-out"]


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_movielens_100k(ws: Workspace, imported: Import) -> None:
    flags = "|".join("1" if n in (3, 4) else "0" for n in range(19))
    report = imported(
        "ml-100k",
        {
            "u.data": "".join(f"{u}\t242\t3\t88125094{u % 10}\n" for u in USERS),
            "u.item": f"242|Amélie (2001)|01-Jan-2001||http://x|{flags}\n".encode("latin-1"),
            "u.user": "".join(f"{u}|24|M|writer|85711\n" for u in USERS),
        },
        packed=True,
    )
    assert (report.info.domains, report.info.n_events, report.info.n_users) == (("ml-100k",), 24, 24)
    assert first(report) == ("1", "242", "1997-12-04 15:55:41", "interaction", 3.0)
    assert titles(ws) == ["Amélie (2001)"]
    assert told_of(ws, "1") == {"age": "24", "gender": "M", "occupation": "writer"}


def test_movielens_1m(ws: Workspace, imported: Import) -> None:
    report = imported(
        "ml-1m",
        {
            "ratings.dat": "".join(f"{u}::1193::5::978300760\n" for u in USERS),
            "movies.dat": "1193::Café, Le (1975)::Drama|Comedy\n".encode("latin-1"),
            "users.dat": "".join(f"{u}::F::1::10::48067\n" for u in USERS),
        },
    )
    assert first(report) == ("1", "1193", "2000-12-31 22:12:40", "interaction", 5.0)
    assert titles(ws) == ["Café, Le (1975)"]
    assert told_of(ws, "1") == {"gender": "F", "age": "under 18", "occupation": "K-12 student"}
    assert left_out(report) == []


def test_movielens_latest(ws: Workspace, imported: Import) -> None:
    report = imported(
        "ml-latest-small",
        {
            "ratings.csv": "userId,movieId,rating,timestamp\n"
            + "".join(f"{u},1,4.5,964982703\n" for u in USERS),
            "movies.csv": 'movieId,title,genres\n1,"Toys, the (1995)",Adventure|Comedy\n',
            "tags.csv": "userId,movieId,tag,timestamp\n2,1,funny,1445714994\n",
            "links.csv": "movieId,imdbId,tmdbId\n1,0114709,862\n",
        },
    )
    assert first(report) == ("1", "1", "2000-07-30 18:45:03", "interaction", 4.5)
    assert titles(ws) == ["Toys, the (1995)"]
    assert left_out(report) == ["ml-latest-small/links.csv", "ml-latest-small/tags.csv"]


def test_amazon_2014(ws: Workspace, imported: Import) -> None:
    reviews = [
        {
            "reviewerID": f"A{u}",
            "asin": "0000031887",
            "overall": 4.0,
            "summary": "Nice",
            "unixReviewTime": 1370044800,
        }
        for u in USERS
    ]
    meta = "{'asin': '0000031887', 'title': 'Ballet tutu', 'categories': [['Clothing', 'Girls']]}\n"
    report = imported(
        "beauty",
        {
            "reviews_Beauty_5.json.gz": gzip.compress(lines(reviews).encode(), mtime=0),
            "meta_Beauty.json.gz": gzip.compress(meta.encode(), mtime=0),
        },
    )
    assert first(report) == ("A1", "0000031887", "2013-06-01 00:00:00", "interaction", 4.0)
    assert titles(ws) == ["Ballet tutu"]


def test_amazon_2023(ws: Workspace, imported: Import) -> None:
    reviews = [
        {"rating": 5.0, "title": "Wow", "text": "…", "images": [], "asin": "B1", "parent_asin": "B0",
         "user_id": f"A{u}", "timestamp": 1588687728923, "verified_purchase": True, "helpful_vote": 0}
        for u in USERS
    ]  # fmt: skip
    meta = [
        {"main_category": "All Beauty", "title": "Spray", "features": [], "description": ["Sea salt"],
         "images": [], "videos": [], "store": "X", "categories": [], "details": {}, "parent_asin": "B0"}
    ]  # fmt: skip
    report = imported("beauty", {"All_Beauty.jsonl": lines(reviews), "meta_All_Beauty.jsonl": lines(meta)})
    assert first(report) == ("A1", "B0", "2020-05-05 14:08:48", "interaction", 5.0)
    assert titles(ws) == ["Spray"]


def test_mind(ws: Workspace, imported: Import) -> None:
    behaviors = "".join(f"{u}\tU{u:02}\t11/11/2019 9:05:58 PM\tN9 N8\tN7-1 N6-0\n" for u in USERS)
    news = 'N7\tsports\tgolf\tA "quoted" headline\tAn abstract\thttps://x\t[]\t[]\n'
    report = imported("MINDsmall_train", {"behaviors.tsv": behaviors, "news.tsv": news}, packed=True)
    assert report.info.n_events == 3 * 24
    assert first(report) == ("U01", "N9", "2019-11-11 21:05:56", "history", 1.0)
    assert titles(ws) == ['A "quoted" headline']
    assert report.info.domains == ("MINDsmall",)


def test_recbole(ws: Workspace, imported: Import) -> None:
    report = imported(
        "ml-100k",
        {
            "ml-100k.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
            + "".join(f"{u}\t007\t3\t881250949\n" for u in USERS),
            "ml-100k.item": "item_id:token\tmovie_title:token_seq\n007\tGolden eye\n",
            "ml-100k.user": "user_id:token\tage:token\n1\t24\n",
        },
    )
    assert first(report) == ("1", "007", "1997-12-04 15:55:49", "interaction", 3.0)
    assert titles(ws) == ["Golden eye"]


def test_ga4(ws: Workspace, imported: Import) -> None:
    events = [
        {"event_date": "20240131", "event_timestamp": "1706702400000000", "event_name": "purchase",
         "user_pseudo_id": f"{u}.1", "items": [{"item_id": "SKU1", "item_name": "Tea"}, {"item_id": "SKU2"}]}
        for u in USERS
    ]  # fmt: skip
    report = imported("shop", {"events_20240131.json": lines(events)})
    assert report.info.n_events == 48
    assert first(report) == ("1.1", "SKU1", "2024-01-31 12:00:00", "purchase", 1.0)
    assert titles(ws) == ["Tea"]


def test_segment(ws: Workspace, imported: Import) -> None:
    calls = [
        {"type": "track", "event": "Product Viewed", "userId": f"u{u:02}",
         "timestamp": "2024-01-31T12:00:00.000Z", "properties": {"product_id": "p1", "name": "Red shoe"}}
        for u in USERS
    ]  # fmt: skip
    report = imported("shoes", {"calls.json.gz": gzip.compress(lines(calls).encode(), mtime=0)})
    assert first(report) == ("u01", "p1", "2024-01-31 12:00:00", "Product Viewed", 1.0)
    assert titles(ws) == ["Red shoe"]


def test_hm(ws: Workspace, imported: Import) -> None:
    article = {"article_id": "0108775015", "product_code": "0108775", "prod_name": "Strap top",
               "product_type_name": "Vest top", "detail_desc": "Jersey top"}  # fmt: skip
    report = imported(
        "hm",
        {
            "transactions_train.csv": "t_dat,customer_id,article_id,price,sales_channel_id\n"
            + "".join(f"2018-09-20,{u:064x},0108775015,0.05,2\n" for u in USERS),
            "articles.csv": pd.DataFrame([article]).to_csv(index=False),
            "customers.csv": "customer_id,club_member_status,fashion_news_frequency,age,postal_code\n"
            + "".join(f"{u:064x},ACTIVE,NONE,{u + 20},abc\n" for u in USERS),
        },
    )
    assert first(report) == (f"{1:064x}", "0108775015", "2018-09-20 00:00:00", "interaction", 1.0)
    assert titles(ws) == ["Strap top"]
    assert told_of(ws, f"{1:064x}") == {
        "club_member_status": "ACTIVE",
        "fashion_news_frequency": "NONE",
        "age": "21",
    }
    assert left_out(report) == []
