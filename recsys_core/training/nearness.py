"""How near items are to the items of a history, each of these by itself.

One interest state is one direction, though a history may hold several interests that lie apart. So an
item is also scored by its density under the history: the mean over the items read of a von Mises–Fisher
kernel, exp(κ (cosine - 1)). That the whole history is compared with an item, and not one vector made of
it, is late interaction (Khattab & Zaharia 2020); over item vectors, the attentive item similarity of He
et al. (2018). Only items of the domain that is asked about count: how near a book is to a kettle says little.
"""

import torch
from torch import Tensor

FLOOR = 1e-4  # of the density; what lies below it is far from everything read


def log_density(
    read: Tensor, counts: Tensor, kappa: Tensor, row: Tensor, position: Tensor, vectors: Tensor
) -> Tensor:
    """(Q, N) of candidates ``vectors`` (N, D), above log FLOOR: 0 where nothing was read.

    ``read`` (B, T, D): the items that B users read, and which of them count, ``counts`` (B, T) bool. Question
    q is about the first ``position[q]`` items of user ``row[q]``. All vectors are of length 1; ``kappa`` is
    how narrow the kernel is.
    """
    time = read.shape[1]
    spot = torch.nonzero(counts.flatten()).squeeze(1)  # (M,), most of a batch is padding
    # In place where the way back allows it: these are the largest tensors of a training step.
    kernels = ((kappa * read.flatten(0, 1)[spot]) @ vectors.T).float().sub_(kappa).exp_()  # (M, N)
    own = (spot // time == row[:, None]) & (spot % time < position[:, None])  # (Q, M)
    share = own / (FLOOR * own.sum(1, keepdim=True).clamp(min=1))
    return (share @ kernels).float().log1p()
