"""The default model as an ONNX graph in which a text's vector depends on that text alone.

ONNX's own dynamic quantisation (DynamicQuantizeLinear) takes one scale for a whole batch, so the
vector of a text changes with its batch mates. Here each token row has a scale of its own,
max|x| / 127, and each weight column another; the products are whole numbers, hence exact in any
order. Weights keep 7 bits (63 steps): two products of an unsigned byte and such a weight fit
into 16 bits, so processors without VNNI, whose instruction would saturate, agree with the others.

Two sums are moved where they cost nothing, without changing the result: the key's bias adds the
same to all scores of a query, so softmax ignores it; attention weights add up to one, so the
value's bias passes through and joins the bias of the output projection.

The graph gives token states; the mean over tokens is left to numpy, because onnxruntime's
ReduceMean adds in a different order when the batch has one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from disinfo.embedding.package_weights import BLOCK, PURPOSE, Blocks
from disinfo.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    from disinfo.embedding.package_weights import PackedModel

_FUSED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 8
_WEIGHT_STEPS = 63
_ACTIVATION_STEPS = 127
_ZERO_POINT = 128
# GELU never goes below -0.1700, so the largest magnitude is the maximum or less than this.
_GELU_FLOOR = 0.1701
_TINY = 1e-9


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        try:
            import onnx
        except ImportError as error:
            raise MissingExtraError("onnx", "offline", PURPOSE) from error
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self.constants:
            array = np.ascontiguousarray(value).reshape(value.shape)
            self.constants[name] = self.onnx.numpy_helper.from_array(array, name)
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{kind}_{len(self.nodes)}"
        node = self.onnx.helper.make_node(
            kind, list(inputs), [name], name=name, domain=domain, **attributes
        )
        self.nodes.append(node)
        return name

    def cast(self, value: str) -> str:
        return self.op("Cast", value, to=self.onnx.TensorProto.FLOAT)


def encoder_graph(model: PackedModel) -> Any:
    """Build the int8 encoder.

    Parameters
    ----------
    model
        The packed model.

    Returns
    -------
    onnx.ModelProto
        Input ``input_ids`` (texts, tokens), int64, all texts of a batch of the same length;
        output ``states`` (texts, tokens, hidden), float32.

    Raises
    ------
    MissingExtraError
        When ``onnx`` is not installed.
    """
    graph = _Graph()
    shape = graph.op(
        "Concat",
        graph.op("Shape", "input_ids"),
        graph.constant("hidden", np.array([model.hidden])),
        axis=0,
    )
    rows = graph.constant("rows", np.array([-1, model.hidden]))
    state = graph.op("Reshape", _embeddings(graph, model, shape), rows)
    for layer in range(model.layers):
        state = _attention(graph, model, f"l{layer}.", state, shape, rows)
        state = _feed_forward(graph, model, f"l{layer}.", state)
    state = graph.op("Reshape", state, shape)
    graph.nodes.append(graph.onnx.helper.make_node("Identity", [state], ["states"], name="states"))
    return _finish(graph, model.hidden)


def _finish(graph: _Graph, hidden: int) -> Any:
    helper, types = graph.onnx.helper, graph.onnx.TensorProto
    inside = helper.make_tensor_value_info("input_ids", types.INT64, ["texts", "tokens"])
    outside = helper.make_tensor_value_info("states", types.FLOAT, ["texts", "tokens", hidden])
    body = helper.make_graph(
        graph.nodes, "encoder", [inside], [outside], list(graph.constants.values())
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=_IR_VERSION)


def _embeddings(graph: _Graph, model: PackedModel, shape: str) -> str:
    """Word, position and type vectors, normalised; the 4-bit blocks are kept as they are."""
    words = model.tensors["emb.word"]
    if not isinstance(words, Blocks):
        msg = "the packed model holds its word vectors in another type than expected"
        raise ModelError(msg)
    values = graph.constant("words", words.values.reshape(-1, model.hidden // BLOCK, BLOCK))
    scales = graph.constant("word_scales", words.scales.reshape(-1, model.hidden // BLOCK, 1))
    word = graph.op(
        "Mul",
        graph.cast(graph.op("Gather", values, "input_ids")),
        graph.cast(graph.op("Gather", scales, "input_ids")),
    )
    places = model.matrix("emb.pos", inputs=model.hidden)
    first_type = model.matrix("emb.type", inputs=model.hidden)[0]
    zero = graph.constant("zero", np.array([0]))
    length = graph.op("Shape", "input_ids", start=1, end=2)
    place = graph.op("Slice", graph.constant("places", places + first_type), zero, length, zero)
    total = graph.op("Add", graph.op("Reshape", word, shape), place)
    return _layer_norm(graph, model, "emb.ln", total)


def _layer_norm(graph: _Graph, model: PackedModel, name: str, state: str) -> str:
    weight = graph.constant(f"{name}.w", model.vector(f"{name}.w"))
    bias = graph.constant(f"{name}.b", model.vector(f"{name}.b"))
    return graph.op("LayerNormalization", state, weight, bias, axis=-1, epsilon=model.epsilon)


def _attention(
    graph: _Graph, model: PackedModel, layer: str, state: str, shape: str, rows: str
) -> str:
    size = model.hidden
    read = _quantise(graph, graph.op("Abs", state), state, _TINY)
    query = _multiply(graph, f"{layer}q", read, model.matrix(f"{layer}q.w", inputs=size))
    query = graph.op("Add", query, graph.constant(f"{layer}q.b", model.vector(f"{layer}q.b")))
    key, value = (
        _multiply(graph, f"{layer}{part}", read, model.matrix(f"{layer}{part}.w", inputs=size))
        for part in "kv"
    )
    heads = [graph.op("Reshape", part, shape) for part in (query, key, value)]
    mixed = graph.op("MultiHeadAttention", *heads, domain=_FUSED, num_heads=model.heads)
    mixed = graph.op("Reshape", mixed, rows)
    out = model.matrix(f"{layer}ao.w", inputs=size)
    bias = model.vector(f"{layer}ao.b") + out @ model.vector(f"{layer}v.b")
    written = _multiply(
        graph, f"{layer}ao", _quantise(graph, graph.op("Abs", mixed), mixed, _TINY), out
    )
    written = graph.op("Add", written, graph.constant(f"{layer}ao.b", bias))
    return _layer_norm(graph, model, f"{layer}aln", graph.op("Add", state, written))


def _feed_forward(graph: _Graph, model: PackedModel, layer: str, state: str) -> str:
    read = _quantise(graph, graph.op("Abs", state), state, _TINY)
    wide = _multiply(graph, f"{layer}fi", read, model.matrix(f"{layer}fi.w", inputs=model.hidden))
    bias = graph.constant(f"{layer}fi.b", model.vector(f"{layer}fi.b"))
    wide = graph.op("BiasGelu", wide, bias, domain=_FUSED)
    written = _multiply(
        graph,
        f"{layer}fo",
        _quantise(graph, wide, wide, _GELU_FLOOR),
        model.matrix(f"{layer}fo.w", inputs=model.feed_forward),
    )
    bias = graph.constant(f"{layer}fo.b", model.vector(f"{layer}fo.b"))
    written = graph.op("Add", written, bias)
    return _layer_norm(graph, model, f"{layer}oln", graph.op("Add", state, written))


def _quantise(graph: _Graph, magnitude: str, state: str, floor: float) -> tuple[str, str]:
    """Return the rows as bytes around 128 and the scale of each row as a column."""
    floors = graph.constant(f"floor_{floor}", np.array([floor], np.float32))
    step = graph.constant("step", np.array([1 / _ACTIVATION_STEPS], np.float32))
    largest = graph.op("ReduceMax", magnitude, axes=[1], keepdims=0)
    scales = graph.op("Mul", graph.op("Max", largest, floors), step)
    zero_point = graph.constant("zero_point", np.array(_ZERO_POINT, np.uint8))
    zero_points = graph.op("Expand", zero_point, graph.op("Shape", scales))
    quantised = graph.op("QuantizeLinear", state, scales, zero_points, axis=0)
    column = graph.constant("column", np.array([1]))
    return quantised, graph.op("Unsqueeze", scales, column)


def _multiply(graph: _Graph, name: str, read: tuple[str, str], weights: NDArray[np.float32]) -> str:
    """Multiply quantised rows by a matrix (outputs, inputs) that is quantised here."""
    quantised, row_scales = read
    largest = np.abs(weights).max(axis=1)
    scales = (np.maximum(largest, _TINY) / _WEIGHT_STEPS).astype(np.float32)
    whole = np.rint(weights / scales[:, None]).astype(np.int8)
    product = graph.op(
        "MatMulIntegerToFloat",
        quantised,
        graph.constant(f"{name}.w", whole.T),
        graph.constant("one", np.array(1, np.float32)),
        graph.constant(f"{name}.scales", scales),
        graph.constant("zero_point", np.array(_ZERO_POINT, np.uint8)),
        domain=_FUSED,
    )
    return graph.op("Mul", product, row_scales)
