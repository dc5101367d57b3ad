// Drawings of the numbers of their page: fetched once, drawn anew at another width or theme; a click opens a thing.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // `begin` is given the numbers and the chart; it answers what draws them, and the address behind a point.
  const show = (box, begin) => {
    const start = (found) => {
      box.textContent = "";
      const chart = window.echarts.init(box, null, { renderer: "canvas" });
      const { draw, addressOf } = begin(found, chart);
      draw();
      chart.on("click", (point) => { const address = addressOf(point); if (address) window.location.href = address; });
      let width = box.clientWidth;
      new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; chart.resize(); draw(); } }).observe(box);
      document.addEventListener("themechange", draw);
      window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    };

    box.textContent = box.dataset.waiting;
    fetch(box.dataset.source, { headers: { Accept: "application/json" } })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      .then(start)
      .catch(() => { box.textContent = box.dataset.trouble; box.dispatchEvent(new Event("trouble")); });
  };

  window.charts = { show, token };
})();
