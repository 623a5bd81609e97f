"""The tokenizer of the default model: XLM-R's unigram pieces, from the packed file.

SentencePiece's ``nmt_nfkc`` normaliser is Nmt followed by NFKC: on every code point that the
packed file maps, the two give the same string (tests/embedding checks all of them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from disinfo.embedding.package_weights import PURPOSE
from disinfo.errors import MissingExtraError

if TYPE_CHECKING:
    from disinfo.embedding.package_weights import PackedModel

MAX_TOKENS = 512
SPECIAL_PIECES = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def unigram_tokenizer(model: PackedModel) -> Any:
    """Build the tokenizer.

    Parameters
    ----------
    model
        The packed model; its pieces and special ids are used.

    Returns
    -------
    tokenizers.Tokenizer
        Cuts a text into piece ids, ``<s>`` first and ``</s>`` last, at most 512 of them.

    Raises
    ------
    MissingExtraError
        When ``tokenizers`` is not installed.
    """
    try:
        import tokenizers
        from tokenizers import decoders, models, normalizers, pre_tokenizers, processors
    except ImportError as error:
        raise MissingExtraError("tokenizers", "offline", PURPOSE) from error
    tokenizer = tokenizers.Tokenizer(models.Unigram(list(model.pieces), unk_id=model.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(tokenizers.Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(
        [tokenizers.AddedToken(piece, special=True, normalized=False) for piece in SPECIAL_PIECES]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", model.bos), ("</s>", model.eos)],
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
