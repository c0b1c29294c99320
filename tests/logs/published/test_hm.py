import pytest

from recsys_core.logs.formats import FileKind
from tests.logs.published.conftest import Look, rows


def test_transactions(look: Look) -> None:
    content = (
        "t_dat,customer_id,article_id,price,sales_channel_id\n2018-09-20,00ab,0663713001,0.0508,2\n"
        "2018-09-21,00cd,0541518023,0.0305,1\n"
    )
    info = look("transactions_train.csv", content)
    assert info.told == "H&M transactions: comma-separated"
    assert info.kind is FileKind.INTERACTIONS
    assert dict(info.guess.fields) == {"user": "customer_id", "item": "article_id", "time": "t_dat"}
    assert rows(info) == [
        ["2018-09-20", "00ab", "0663713001", "0.0508", "2"],
        ["2018-09-21", "00cd", "0541518023", "0.0305", "1"],
    ]


def test_articles(look: Look) -> None:
    content = (
        "article_id,product_code,prod_name,product_type_no,product_type_name,colour_group_name,detail_desc\n"
        '0108775015,0108775,Strap top,253,Vest top,Black,"Jersey top, narrow straps."\n'
    )
    info = look("articles.csv", content)
    assert info.told == "H&M articles: comma-separated"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "article_id",
        "title": "prod_name",
        "text": "detail_desc",
        "category": "product_type_name",
    }
    assert rows(info) == [
        ["0108775015", "0108775", "Strap top", "253", "Vest top", "Black", "Jersey top, narrow straps."]
    ]


def test_customers_are_people_without_their_postal_codes(look: Look) -> None:
    content = (
        "customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code\n"
        "00ab,,,ACTIVE,NONE,49.0,52043e\n"
    )
    info = look("customers.csv", content)
    assert info.told == "H&M customers: comma-separated"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.PEOPLE, {"user": "customer_id"})
    assert rows(info) == [["00ab", "", "", "ACTIVE", "NONE", "49.0"]]


@pytest.mark.parametrize(
    "header", ["t_dat,customer_id,article_id,price", "date,customer_id,article_id,price,sales_channel_id"]
)
def test_a_shop_that_lacks_a_telling_column_is_not_hm(look: Look, header: str) -> None:
    assert look("shop.csv", header + "\n2018-09-20,1,2,3,4\n2018-09-20,1,2,3\n").published is None
