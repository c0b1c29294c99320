// Shows as many names on the map as have room, at every zoom, those written first before the others.
// In a block of its own: it runs anew for another view, on the same page or the next.
{
  const thin = (map) => {
    const kept = [];
    map.querySelectorAll(".annotation").forEach((note) => {
      const is = map.layout.annotations?.[Number(note.dataset.index)];
      if (is?.name !== "name of an interest") return;
      const text = note.querySelector(".annotation-text-g") ?? note;
      const box = text.getBoundingClientRect();
      const room = kept.every((other) => box.right < other.left || box.left > other.right
        || box.bottom < other.top || box.top > other.bottom);
      if (room) kept.push(box);
      note.style.opacity = room ? 1 : 0;
      text.style.pointerEvents = room ? "all" : "none";
    });
  };
  const follow = (left) => {
    const map = [...document.querySelectorAll(".js-plotly-plot")]
      .find((plot) => plot.layout?.annotations?.some((note) => note.name === "name of an interest"));
    if (map) {
      thin(map);
      if (!map.thinsNames) {
        map.thinsNames = true;
        map.on("plotly_afterplot", () => thin(map));
        map.on("plotly_relayout", () => thin(map));
      }
    }
    if (left > 0) setTimeout(() => follow(left - 1), 500);
  };
  follow(20);
}
