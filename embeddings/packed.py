"""Matrix products in the fastest number format of this CPU.

Two things make plain fp32 slow on many CPUs: the BLAS that torch ships is tuned for one vendor, and most
recent CPUs multiply bfloat16 two to four times faster than float32. oneDNN, which is part of torch, has
fast kernels for both once a weight matrix is reordered ("packed") for it. Where a torch build lacks these
operators, the plain ones are used: same vectors, less speed.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

CALIBRATION_ROWS = 512


class PackedLinear(nn.Linear):
    """``nn.Linear`` whose weight is packed for oneDNN in ``number_format``.

    Takes any float input (…, in) and returns ``output_format`` (default: the input's), (…, out).
    gelu: apply the exact GELU to the result, in the same pass.
    """

    def __init__(
        self,
        linear: nn.Linear,
        number_format: torch.dtype,
        *,
        output_format: torch.dtype | None = None,
        gelu: bool = False,
    ):
        nn.Module.__init__(self)  # the parameters are taken over, not made anew
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.weight, self.bias = linear.weight, linear.bias
        self.output_format = output_format
        self._format = number_format
        self._gelu = gelu
        self._packed, self._packed_bias, self._is_packed = _pack(linear, number_format)

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) → (…, out)."""
        out_format = self.output_format or x.dtype
        x = x.to(self._format)
        if self._is_packed:
            activation, algorithm = ("gelu", "none") if self._gelu else ("none", "")  # "none": exact, not approximated
            y: Tensor = torch.ops.mkldnn._linear_pointwise(
                x, self._packed, self._packed_bias, activation, [], algorithm
            )
        else:
            y = functional.linear(x, self._packed, self._packed_bias)
            y = functional.gelu(y) if self._gelu else y
        return y.to(out_format)


def _pack(linear: nn.Linear, number_format: torch.dtype) -> tuple[Any, Tensor | None, bool]:
    weight = linear.weight.detach().to(number_format)
    bias = None if linear.bias is None else linear.bias.detach().to(number_format)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, CALIBRATION_ROWS)
        # a first product shows whether the operator is there and takes this format
        probe = torch.zeros(1, linear.in_features, dtype=number_format)
        torch.ops.mkldnn._linear_pointwise(probe, packed, bias, "none", [], "")
    except (AttributeError, RuntimeError, NotImplementedError):
        return weight, bias, False
    return packed, bias, True


def fastest_format(width: int = 384, inner: int = 1536, rounds: int = 10) -> torch.dtype:
    """float32 or bfloat16, whichever multiplies faster here: measured on one layer, about 60 ms.

    A measurement rather than a table of CPU names: what counts is what this torch build does on this CPU,
    and a CPU without bfloat16 instructions emulates them many times slower. The two take turns and the best
    round of each counts, so that other work on the machine does not decide.
    """
    with torch.inference_mode():
        linear = nn.Linear(width, inner)
        x = torch.randn(CALIBRATION_ROWS, width)
        formats = (torch.float32, torch.bfloat16)
        layers = {f: (PackedLinear(linear, f), x.to(f)) for f in formats}
        best = dict.fromkeys(formats, float("inf"))
        for _ in range(rounds):
            for number_format, (layer, rows) in layers.items():
                start = time.perf_counter()
                layer(rows)
                best[number_format] = min(best[number_format], time.perf_counter() - start)
        return min(formats, key=lambda f: best[f])


def pack_linears(model: nn.Module, number_format: torch.dtype) -> list[tuple[nn.Module, str, nn.Linear]]:
    """Replace every plain ``nn.Linear`` in ``model``; returns what ``unpack_linears`` needs to undo it."""
    replaced = []
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear:
                setattr(parent, name, PackedLinear(child, number_format))
                replaced.append((parent, name, child))
    return replaced


def unpack_linears(replaced: list[tuple[nn.Module, str, nn.Linear]]) -> None:
    """Put the original layers back."""
    for parent, name, child in replaced:
        setattr(parent, name, child)
