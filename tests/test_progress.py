from recsys_core.progress import Part, Silent


class Told(Silent):
    def __init__(self) -> None:
        self.lines: list[tuple[object, ...]] = []

    def stage(self, name: str) -> None:
        self.lines.append(("stage", name))

    def advance(self, done: float, total: float, message: str = "") -> None:
        self.lines.append((done / total, message))

    def log(self, message: str) -> None:
        self.lines.append(("log", message))


def test_a_part_moves_the_whole_by_its_share() -> None:
    whole = Told()
    part = Part(whole, 1, 4, "food → toys")
    part.stage("Scoring")
    part.advance(1, 2, "fitting")
    part.log("Left out")
    assert whole.lines == [
        (0.25, "food → toys"),
        (0.375, "food → toys, fitting"),
        ("log", "food → toys: Left out"),
    ]
