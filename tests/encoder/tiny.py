"""Tiny models with random weights, made on the spot: one of each family, as Hugging Face would save it."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

TEXTS = [
    "Green tea, loose leaf",
    "A cast-iron frying pan with a very long handle and two spouts",
    "Space opera",
    "tea",
    "A tale of two teapots, told by the pan that loved them both",
]
DECODERS = ("gpt2", "qwen2", "qwen3", "llama")
KINDS = ("bert", *DECODERS)


def tiny_model(folder: Path, kind: str, seed: int = 0, head: bool = False, **changes: Any) -> Path:
    """A plain Hugging Face folder; with ``head`` as the language model's class saves it."""
    import transformers

    tokenizer = _bert_tokenizer() if kind == "bert" else _decoder_tokenizer()
    tokenizer.save_pretrained(folder)
    name = {"bert": "Bert", "gpt2": "GPT2", "qwen2": "Qwen2", "qwen3": "Qwen3", "llama": "Llama"}[kind]
    whole = {"bert": "ForMaskedLM", "gpt2": "LMHeadModel"}.get(kind, "ForCausalLM")
    config = getattr(transformers, f"{name}Config")(**_sizes(kind) | {"vocab_size": len(tokenizer)} | changes)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        getattr(transformers, name + (whole if head else "Model"))(config).save_pretrained(folder)
    return folder


def write_json(file: Path, document: object) -> None:
    """Write a configuration file of a model folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document))


def _sizes(kind: str) -> dict[str, Any]:
    if kind == "gpt2":
        ends = {"bos_token_id": 0, "eos_token_id": 0}
        return {"n_positions": 64, "n_embd": 32, "n_layer": 2, "n_head": 2, "initializer_range": 0.3, **ends}
    sizes: dict[str, Any] = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 64,
        "initializer_range": 0.3,
    }
    return sizes if kind == "bert" else sizes | {"num_key_value_heads": 1, "head_dim": 16}


def _bert_tokenizer() -> Any:
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=120, special_tokens=special))
    ends = [(name, words.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    words.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


def _decoder_tokenizer() -> Any:
    """Byte-level, with an end of text and, as GPT-2's, without a padding token."""
    from transformers import PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    end = "<|endoftext|>"
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    pieces.train_from_iterator(
        TEXTS, trainers.BpeTrainer(vocab_size=320, special_tokens=[end], initial_alphabet=alphabet)
    )
    return PreTrainedTokenizerFast(tokenizer_object=pieces, bos_token=end, eos_token=end)
