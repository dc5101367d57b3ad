// The map of a mission: challenge, mission, sectors, projects in columns (on a phone: indented rows), links as bows.
(() => {
  "use strict";
  const box = document.getElementById("mission-map");
  if (!box || !window.echarts) return;
  const ORDER = ["challenge", "mission", "sector", "project", "outside"];
  const COLOURS = { challenge: "--group-citizens", mission: "--sun", sector: "--group-academia", project: "--group-public", outside: "--ink-quiet" };
  const SHAPES = { challenge: "circle", mission: "diamond", sector: "rect", project: "roundRect", outside: "triangle" };
  const DASHES = { depends_on: "solid", derives_from: "solid", complements: "dotted", competes_with: "dashed", spills_over_to: "solid" };
  const INKS = { depends_on: "--ink", derives_from: "--group-third", complements: "--group-citizens", competes_with: "--group-private", spills_over_to: "--sun-ink" };
  const ROW = 46;
  const HEAD = 40;
  let chart = null;
  let data = null;

  const { show, token } = window.charts;
  const font = () => getComputedStyle(box).fontFamily;
  const isWide = () => box.clientWidth > 720;
  const layerOf = (key) => data.nodes.find((node) => node.key === key).layer;
  const layersUsed = () => ORDER.filter((layer) => data.nodes.some((node) => node.layer === layer));

  // On a phone every node has a row of its own, under the sector in which it stands first.
  const rows = () => {
    const placed = [];
    const take = (node) => { if (node && !placed.includes(node)) placed.push(node); };
    const byKey = new Map(data.nodes.map((node) => [node.key, node]));
    const inside = (key) => data.edges.filter((edge) => !edge.kind && edge.from === key).forEach((edge) => { take(byKey.get(edge.to)); inside(edge.to); });
    data.nodes.filter((node) => node.layer === "challenge").forEach((node) => { take(node); inside(node.key); });
    data.nodes.forEach(take);
    return placed;
  };

  const places = (layers) => {
    const found = new Map();
    if (!isWide()) {
      rows().forEach((node, at) => found.set(node.key, [10 + ORDER.indexOf(node.layer) * 18, HEAD / 2 + at * ROW]));
      return found;
    }
    const step = box.clientWidth / layers.length;
    layers.forEach((layer, column) => {
      const mine = data.nodes.filter((node) => node.layer === layer);
      const gap = (heightOf(layers) - HEAD - 20) / mine.length;
      mine.forEach((node, at) => found.set(node.key, [14 + column * step, HEAD + gap * (at + 0.5)]));
    });
    return found;
  };

  const heightOf = (layers) => {
    if (!isWide()) return HEAD + data.nodes.length * ROW;
    const most = Math.max(...layers.map((layer) => data.nodes.filter((node) => node.layer === layer).length));
    return Math.max(320, HEAD + 20 + most * ROW);
  };

  const heads = (layers) => (isWide() ? layers.map((layer, column) => ({
    type: "text", silent: true, left: 6 + column * (box.clientWidth / layers.length), top: 8,
    style: { text: data.layers[layer], fill: token("--ink-quiet"), font: `600 13px ${font()}` },
  })) : []);

  const nodeOf = (node, place, room) => ({
    id: node.key, name: node.name, x: place[0], y: place[1], url: node.url, orphan: node.orphan,
    symbol: SHAPES[node.layer], symbolSize: 14,
    itemStyle: node.orphan
      ? { color: token("--paper"), borderColor: token(COLOURS[node.layer]), borderWidth: 2, borderType: "dashed" }
      : { color: token(COLOURS[node.layer]), borderColor: token("--paper"), borderWidth: 1 },
    label: {
      show: true, position: "right", distance: 6, color: token("--ink"), fontFamily: font(), fontSize: 13, lineHeight: 16,
      width: isWide() ? room : Math.max(120, box.clientWidth - place[0] - 40), overflow: "truncate", backgroundColor: token("--paper"), padding: [1, 3],
    },
  });

  const lineOf = (edge) => {
    if (!edge.kind) return { source: edge.from, target: edge.to, lineStyle: { color: token("--edge"), width: 1.5, opacity: 1, curveness: 0 }, silent: true };
    return {
      source: edge.from, target: edge.to, said: edge.refuted ? `${edge.said} (${box.dataset.refuted})` : edge.said,
      symbol: ["none", edge.kind === "complements" || edge.kind === "competes_with" ? "none" : "arrow"], symbolSize: 9,
      lineStyle: { color: token(INKS[edge.kind]), width: 2, type: edge.refuted ? [2, 6] : DASHES[edge.kind], opacity: edge.refuted ? 0.5 : 0.9, curveness: 0.35 },
      // Between two of one column words would lie on the names; the pointer and the table tell them.
      label: { show: isWide() && layerOf(edge.from) !== layerOf(edge.to), formatter: edge.said, fontSize: 11, fontFamily: font(), color: token("--ink"), textBorderColor: token("--paper"), textBorderWidth: 3 },
    };
  };

  const draw = () => {
    const layers = layersUsed();
    box.style.blockSize = `${heightOf(layers)}px`;
    chart.resize();
    const spots = places(layers);
    const room = box.clientWidth / layers.length - 44;
    const named = new Map(data.nodes.map((node) => [node.key, node.name]));
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: font() },
      graphic: heads(layers),
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true, backgroundColor: token("--paper"), borderColor: token("--rule"),
        textStyle: { color: token("--ink"), fontSize: 14, lineHeight: 20, fontFamily: font(), width: 280, overflow: "break" },
        formatter: (point) => {
          if (point.dataType === "edge") return point.data.said ? `${named.get(point.data.source)}\n${point.data.said}\n${named.get(point.data.target)}` : "";
          return point.data.orphan ? `${point.data.name}\n${point.data.orphan}` : point.data.name;
        },
      },
      // Points of a graph are fitted into its box: two corners keep them where they were put.
      series: [{
        type: "graph", layout: "none", left: 0, top: 0, right: 0, bottom: 0, roam: false,
        emphasis: { focus: "adjacency" }, blur: { itemStyle: { opacity: 0.2 }, lineStyle: { opacity: 0.08 } },
        data: [
          ...data.nodes.map((node) => nodeOf(node, spots.get(node.key), room)),
          { id: "corner-a", name: "", x: 0, y: 0, symbolSize: 0.01, silent: true, label: { show: false } },
          { id: "corner-b", name: "", x: box.clientWidth, y: heightOf(layers), symbolSize: 0.01, silent: true, label: { show: false } },
        ],
        links: data.edges.map(lineOf),
      }],
    }, { notMerge: true });
  };

  show(box, (found, started) => {
    data = found;
    chart = started;
    return { draw, addressOf: (point) => (point.dataType === "node" ? point.data.url : "") };
  });
})();
