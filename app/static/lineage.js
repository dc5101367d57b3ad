// The lineage: a flow from voices to lessons; hovering shows what passes, clicking opens the thing.
(() => {
  "use strict";
  const box = document.getElementById("lineage");
  if (!box || !window.echarts) return;
  const COLOURS = ["--group-citizens", "--group-third", "--sun", "--group-public", "--group-private", "--group-academia", "--group-third", "--sun"];
  const ROW = 34;
  const HEAD = 34;
  let chart = null;
  let data = null;

  const { show, token } = window.charts;
  const font = () => getComputedStyle(box).fontFamily;
  const isWide = () => box.clientWidth > 720;

  // Columns with nothing in them take no room.
  const used = () => [...new Set(data.stops.map((stop) => stop.column))].sort((a, b) => a - b);

  const heightOf = (columns) => {
    const most = Math.max(...columns.map((column) => data.stops.filter((stop) => stop.column === column).length));
    return isWide() ? Math.max(320, HEAD + 24 + most * ROW) : Math.max(420, columns.length * 120);
  };

  const heads = (columns) => {
    if (!isWide()) return [];
    const step = (box.clientWidth - 170) / Math.max(1, columns.length - 1);
    return columns.map((column, at) => ({
      type: "text", silent: true, left: columns.length === 1 ? 4 : 4 + at * step, top: 6,
      style: { text: data.columns[column], fill: token("--ink-quiet"), font: `600 13px ${font()}` },
    }));
  };

  const draw = () => {
    const columns = used();
    box.style.blockSize = `${heightOf(columns)}px`;
    chart.resize();
    const ids = new Map(data.stops.map((stop) => [stop.key, stop]));
    const last = columns.length - 1;
    const room = isWide() ? Math.max(90, (box.clientWidth - 170) / Math.max(1, columns.length - 1) - 30) : 80;
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: font() },
      graphic: heads(columns),
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true, backgroundColor: token("--paper"), borderColor: token("--rule"),
        textStyle: { color: token("--ink"), fontSize: 14, lineHeight: 20, fontFamily: font(), width: 280, overflow: "break" },
        formatter: (point) => (point.dataType === "edge"
          ? `${ids.get(point.data.source).name}\n→ ${ids.get(point.data.target).name}\n${point.data.amount}`
          : `${data.columns[ids.get(point.name).column]}\n${ids.get(point.name).name}`),
      },
      series: [{
        type: "sankey", left: 4, top: isWide() ? HEAD : 8, bottom: 8, right: isWide() ? 166 : 8,
        orient: isWide() ? "horizontal" : "vertical", nodeAlign: "left", nodeWidth: 12, nodeGap: isWide() ? 16 : 10,
        draggable: false, layoutIterations: 32,
        emphasis: { focus: "adjacency", lineStyle: { opacity: 0.55 } },
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
        label: {
          show: isWide(), position: "right", color: token("--ink"), fontFamily: font(), fontSize: 12, lineHeight: 15,
          width: room, overflow: "truncate", textBorderColor: token("--paper"), textBorderWidth: 2,
          formatter: (point) => ids.get(point.name).name,
        },
        data: data.stops.map((stop) => ({
          name: stop.key, url: stop.url, depth: columns.indexOf(stop.column),
          itemStyle: { color: token(COLOURS[stop.column]), borderWidth: 0 },
          label: columns.indexOf(stop.column) === last ? { width: 150 } : {},
        })),
        links: data.bands.map((band) => ({ source: band.from, target: band.to, value: band.width, amount: band.amount })),
      }],
    }, { notMerge: true });
  };

  show(box, (found, started) => {
    data = found;
    chart = started;
    return { draw, addressOf: (point) => (point.dataType === "node" ? point.data.url : "") };
  });
})();
