"""A trained InterestModel as the other rooms use it: vectors in, vectors out, on disk as safetensors."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.errors import InputError
from recsys_core.progress import Part as PartOfStage
from recsys_core.progress import Progress, Silent
from recsys_core.spread import spread
from recsys_core.training.examples import pad
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.nearness import log_density
from recsys_core.training.options import Part, TrainingOptions

Floats = NDArray[np.float32]
Range = tuple[int, int, int]
Ask = Callable[[torch.Tensor, int], torch.Tensor]
BATCH = 512
SPREAD = 8 * BATCH  # histories that one machine reads at a time
KERNELS_TOGETHER = 2**23  # of items read and candidates, held at once
FORMAT = 3  # of the weights: which there are, and what they mean
WEIGHTS, DESCRIPTION = "interest_model.safetensors", "interest_model.json"


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """``model`` in evaluation mode and the text vectors (I, text_dim) that its item tower reads.

    ``stopped``: why training broke off before its end, a sentence; "" where it did not.
    """

    model: InterestModel
    text_vectors: torch.Tensor
    stopped: str = ""

    @cached_property
    def _vectors(self) -> torch.Tensor:
        with torch.inference_mode():
            return self.model.eval().item_vectors(self.text_vectors)

    @property
    def item_vectors(self) -> Floats:
        """(I, D) item vectors of length 1 in the space of the interest states."""
        return self._vectors.cpu().numpy()

    @property
    def item_prior(self) -> Floats:
        """(I,) additive popularity prior of each item among its domain's items."""
        return self.model.prior.detach().cpu().numpy()

    def states(self, histories: Sequence[History], target: int) -> Floats:
        """(N, D) what each history's interest asks of domain ``target``, all of one length, the learned
        scale of the cosines; a history may be empty.
        """
        return self._asked(histories, target, self.model.question)

    def score(self, histories: Sequence[History], target: int) -> Floats:
        """(N, T) scores of the items of domain ``target``, in ascending order of row number.

        Who has read nothing of that domain is scored by the interest alone, the others beside nearness.
        """
        items = np.flatnonzero(self.model.item_domain.cpu().numpy() == target)
        read = self._read_among(histories, items)
        beside = np.array([len(history) > 0 for history in read], bool)
        asked = np.zeros((len(histories), self.model.options.dim), np.float32)
        for rows, ask in ((~beside, self.model.question), (beside, self.model.question_beside)):
            asked[rows] = self._asked([histories[n] for n in np.flatnonzero(rows).tolist()], target, ask)
        scores: Floats = asked @ self.item_vectors[items].T + self.item_prior[items]
        self._add_nearness(scores, read, items)
        return scores

    def event_states(self, dataset: Dataset, progress: Progress | None = None) -> Floats:
        """(E, D) the user-interest embedding after each event of ``dataset``, read wherever there is room.

        A state sees at least the newest half of ``longest`` events before it, and at most all of
        ``longest``.
        """
        states = np.zeros((dataset.n_events, self.model.options.dim), np.float32)
        windows = _reading_windows(dataset.offsets, self.model.options.longest)
        parts = [windows[at : at + SPREAD] for at in range(0, len(windows), SPREAD)]
        log = History(dataset.item, dataset.time, dataset.weight)
        whole = progress or Silent()
        made = spread(
            partial(self._fresh_states, log),
            parts,
            lambda number: PartOfStage(whole, number, len(parts), "histories"),
        )
        for part, read in zip(parts, made, strict=True):
            states[np.concatenate([np.arange(fresh, stop) for _, fresh, stop in part])] = read
        return states

    def _fresh_states(self, log: History, windows: Sequence[Range], progress: Progress) -> Floats:
        """(n, D) after each fresh event of the ``windows``, one window after the other."""
        found = []
        for at in range(0, len(windows), BATCH):
            progress.check_cancelled()
            progress.advance(at, len(windows))
            batch = windows[at : at + BATCH]
            read = self._all_states([_events(log, start, stop) for start, _, stop in batch])
            for row, (start, fresh, stop) in enumerate(batch):
                found.append(read[row, fresh - start + 1 : stop - start + 1])
        return np.concatenate(found)

    def save(self, folder: Path) -> None:
        """Write weights and description into an existing folder."""
        tensors = {name: t.detach().cpu().contiguous() for name, t in self.model.state_dict().items()}
        extra = {"text_vectors": self.text_vectors.cpu(), "item_domain": self.model.item_domain.cpu()}
        save_file(tensors | extra, folder / WEIGHTS)
        description = {
            "format": FORMAT,
            "options": self.model.options.to_json(),
            "n_domains": self.model.domain.num_embeddings,
        }
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=1))

    @classmethod
    def load(cls, folder: Path) -> "TrainedModel":
        """Read what ``save`` wrote, on the processor. Raises InputError for another version's model."""
        description = json.loads((folder / DESCRIPTION).read_text())
        if description.get("format") != FORMAT:
            raise InputError(
                f"The model in {folder} was made by another version of Driftmap.", "Fine-tune it again."
            )
        options = TrainingOptions.from_json(description["options"])
        tensors = load_file(folder / WEIGHTS)
        text_vectors, item_domain = tensors.pop("text_vectors"), tensors.pop("item_domain")
        model = InterestModel(text_vectors.shape[1], item_domain, description["n_domains"], options)
        model.load_state_dict(tensors)
        return cls(model.eval(), text_vectors)

    def _read_among(self, histories: Sequence[History], items: NDArray[np.int64]) -> list[History]:
        """What counts for the nearness of ``items``, all of one domain: those of them in each history."""
        if not self.model.options.has(Part.NEAR):
            return [history.newest(0) for history in histories]
        counts = np.isin(np.arange(len(self._vectors)), items)
        newest = [history.newest(self.model.options.longest) for history in histories]
        return [history.only(counts[history.items]) for history in newest]

    def _add_nearness(self, scores: Floats, read: Sequence[History], items: NDArray[np.int64]) -> None:
        """Add to scores (N, T) of ``items`` what their density under the items read is worth."""
        model, device = self.model, self._vectors.device
        lengths = np.array([len(history) for history in read], np.int64)
        # By length, so that little is padding.
        order = np.argsort(lengths, kind="stable")[np.count_nonzero(lengths == 0) :]
        together = max(1, KERNELS_TOGETHER // (len(items) * model.options.longest))
        candidates = self._vectors[torch.as_tensor(items, device=device)]
        for at in range(0, len(order), together):
            some = order[at : at + together]
            padded, _ = pad([read[n] for n in some], model.options.longest)
            rows, ends = (torch.as_tensor(a, device=device) for a in (padded, lengths[some]))
            each = torch.arange(len(some), device=device)
            with torch.inference_mode():
                about = (self._vectors[rows], rows >= 0, model.kappa, each, ends)
                scores[some] += (model.near * log_density(*about, candidates)).cpu().numpy()

    def _all_states(self, histories: Sequence[History]) -> Floats:
        items, gaps = (
            torch.as_tensor(a, device=self._vectors.device)
            for a in pad(histories, self.model.options.longest)
        )
        with torch.inference_mode():
            return self.model.states(self._vectors[items.clamp(min=0)], items, gaps).cpu().numpy()

    def _asked(self, histories: Sequence[History], target: int, ask: Ask) -> Floats:
        if not histories:
            return np.zeros((0, self.model.options.dim), np.float32)
        batches = [histories[at : at + BATCH] for at in range(0, len(histories), BATCH)]
        return np.concatenate([self._last_states(batch, target, ask) for batch in batches])

    def _last_states(self, histories: Sequence[History], target: int, ask: Ask) -> Floats:
        states = torch.as_tensor(self._all_states(histories))
        ends = torch.as_tensor([min(len(h), states.shape[1] - 1) for h in histories])
        with torch.inference_mode():
            last = states[torch.arange(len(histories)), ends].to(self._vectors.device)
            return ask(last, target).cpu().numpy()


def _reading_windows(offsets: NDArray[np.int64], longest: int) -> list[Range]:
    """(start, first fresh, stop) event ranges of at most ``longest`` that cover every user."""
    found = []
    for begin, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        fresh = begin
        while fresh < end:
            start = max(begin, fresh - longest // 2)
            stop = min(end, start + longest)
            found.append((start, fresh, stop))
            fresh = stop
    return found


def _events(log: History, start: int, stop: int) -> History:
    return History(log.items[start:stop], log.times[start:stop], log.weights[start:stop])
