from pathlib import Path

import pytest

from recsys_core.encoder.card import Licence, base_licence, model_card
from recsys_core.encoder.loading import load_encoder


def said_by(folder: Path, readme: str) -> Licence:
    (folder / "README.md").write_text(readme)
    return base_licence(folder)


def test_the_licence_is_what_the_base_models_readme_says(tmp_path: Path) -> None:
    assert said_by(tmp_path, "---\nlicense: mit\n---\n# Base") == Licence("mit", {})
    other = said_by(tmp_path, "---\nlicense: other\nlicense_name: qwen\nlicense_link: LICENSE\n---\n")
    assert other.front_matter == 'license: "other"\nlicense_name: "qwen"\nlicense_link: "LICENSE"'
    assert "licensed under qwen" in other.of("base")
    assert base_licence(load_encoder().folder).name == "apache-2.0"


@pytest.mark.parametrize(
    "readme",
    ["# No front matter", "---\nlanguage: en\n---\n", "---\nlicense: [\n---\n", "---\n- a list\n---\n"],
)
def test_a_licence_is_never_assumed(tmp_path: Path, readme: str) -> None:
    assert base_licence(tmp_path) == Licence()
    assert said_by(tmp_path, readme) == Licence()


def test_the_card_tells_data_protocol_metrics_base_and_licence(tmp_path: Path) -> None:
    from huggingface_hub import metadata_load

    card = model_card(
        name="run 1",
        base="shop/base",
        licence=Licence(),
        dataset="shop",
        version=3,
        options={"mode": "lora"},
        protocol="cold-user.",
        metrics="NDCG@10 0.05 (0.04 to 0.06) on 90 users.",
    )
    (tmp_path / "README.md").write_text(card)
    front = metadata_load(tmp_path / "README.md")
    assert (front["base_model"], front["license"]) == ("shop/base", "unknown")
    said = (
        "*shop* (version\n3)",
        '"mode": "lora"',
        "Protocol: cold-user.",
        "0.04 to 0.06",
        "licence of shop/base",
    )
    assert all(text in card for text in said)


def card_of(**more: object) -> str:
    made = {"name": "run 1", "base": "base", "licence": Licence(), "dataset": "shop", "version": 3}
    return model_card(**made, options={}, protocol="", metrics="", **more)  # type: ignore[arg-type]


def test_the_card_says_how_often_the_item_texts_were_read_and_whether_interactions_taught_it() -> None:
    assert "pre-training" not in card_of()
    both = card_of(passes=2, tuned=True)
    assert "fine-tuned on the interaction log" in both
    assert "pre-training went on over the item texts, 2 times." in both
    read = card_of(passes=1, tuned=False)
    assert "whose pre-training went on over the item texts of *shop* (version\n3), once." in read
    assert "fine-tuned" not in read
