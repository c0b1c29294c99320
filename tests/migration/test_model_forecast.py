from dataclasses import replace

import numpy as np

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.held_out import hold_out, missed, tune
from recsys_core.migration.mixes import interest_mixes
from recsys_core.migration.model_forecast import ModelForecaster
from recsys_core.progress import Silent
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.options import TrainingOptions
from tests.training.logs import PER_THEME, themed_dataset


def test_a_model_that_has_not_seen_the_window_foretells_the_theme():
    dataset, vectors = themed_dataset()
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.YEAR)
    theme = dataset.items["item_id"].astype(int).to_numpy() // PER_THEME
    cut = 6
    known = dataset.select_events(dataset.time < windows[cut].start.timestamp())
    options = replace(TrainingOptions(), epochs=3, dim=16, layers=1, heads=2)
    model = train_interest_model(known, vectors, lambda _: 0.0, options, 0, Silent())

    people = interest_mixes(dataset, windows, theme, 3)
    held = hold_out(people, cut)
    forecaster = ModelForecaster(model, dataset, windows, theme, 3)
    expected = forecaster.expect(held.people, cut, 1.0)
    assert expected.user.tolist() == held.user.tolist()
    assert np.allclose(expected.share.sum(axis=1), 1)
    assert set(expected.n_events.tolist()) == {6.0}
    assert missed(tune(forecaster, held).answer(held), held.truth).mean() < 0.1
    # What is done later changes nothing.
    later = ModelForecaster(model, known, windows, theme, 3).expect(held.people, cut, 1.0)
    assert np.allclose(later.share, expected.share)
    assert set(forecaster.expect(people, len(windows), 1.0).n_events.tolist()) == {8.0}  # all that is known
    assert forecaster.expect(people, 0, 1.0).share.shape == (0, 3)
