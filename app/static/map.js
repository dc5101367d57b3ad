// The idea map: calm points, a colour and a shape for each group, faint hulls; hovering shows a voice, clicking opens it.
(() => {
  "use strict";
  const box = document.getElementById("idea-map");
  if (!box || !window.echarts) return;
  const COLOURS = ["--group-public", "--group-third", "--sun", "--group-academia", "--group-citizens", "--group-private"];
  const SHAPES = ["circle", "diamond", "triangle", "rect", "emptyCircle"];
  const MANY = 2000;
  const fetched = new Map();
  let chart = null;
  let data = null;
  let [wholeArea, standing] = [1, []];

  const { show, token } = window.charts;
  const colourOf = (group) => (group < 0 ? token("--ink-quiet") : token(COLOURS[group % COLOURS.length]));
  const inkOf = (group) => token(COLOURS[group % COLOURS.length].replace("--sun", "--sun-ink"));
  const shapeOf = (group) => (group < 0 ? "circle" : SHAPES[Math.floor(group / COLOURS.length) % SHAPES.length]);
  const faded = (colour, share) => colour.replace(/rgba?\(([^)]+)\)/, (_all, inside) => {
    const [red, green, blue] = inside.split(/[\s,/]+/);
    return `rgba(${red}, ${green}, ${blue}, ${share})`;
  });

  const wrapped = (text, width = 38) => {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const line = lines[lines.length - 1];
      if (line && line.length + word.length + 1 > width) lines.push(word.slice(0, width));
      else lines[lines.length - 1] = line ? `${line} ${word}` : word.slice(0, width);
    }
    return lines.slice(0, 6).join("\n") + (lines.length > 6 ? " …" : "");
  };

  // With many voices their words are asked for one by one, when a pointer rests on them.
  const wordsOf = (row, then) => {
    if (data.text) return data.text[row];
    const known = fetched.get(row);
    if (known !== undefined) return known;
    fetched.set(row, "…");
    fetch(`${box.dataset.voice}${data.id[row]}.json`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { text: "" }))
      .then((found) => { fetched.set(row, found.text); then(); })
      .catch(() => fetched.delete(row));
    return "…";
  };

  // Where a group has its weight: its voices without those that stand far off, which people may have moved there.
  const middle = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const core = (rows) => {
    const cx = middle(rows.map((row) => data.x[row]));
    const cy = middle(rows.map((row) => data.y[row]));
    const far = rows.map((row) => [data.x[row], data.y[row], Math.hypot(data.x[row] - cx, data.y[row] - cy)]);
    const reach = 2.2 * middle(far.map((point) => point[2]));
    return far.filter((point) => point[2] <= reach);
  };

  // A group whose voices lie all over the map has no outline that would tell anything.
  const extent = (list) => list.reduce((most, one) => Math.max(most, one), -Infinity) - list.reduce((least, one) => Math.min(least, one), Infinity);
  const isScattered = (near) => extent(near.map((point) => point[0])) * extent(near.map((point) => point[1])) > 0.12 * wholeArea;

  // The outline of a group's core (monotone chain).
  const hull = (rows) => {
    const near = core(rows).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    if (near.length < 4 || isScattered(near)) return [];
    const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    const half = (points) => {
      const kept = [];
      for (const point of points) {
        while (kept.length > 1 && turn(kept[kept.length - 2], kept[kept.length - 1], point) <= 0) kept.pop();
        kept.push(point);
      }
      return kept.slice(0, -1);
    };
    return [...half(near), ...half(near.slice().reverse())];
  };

  const shortened = (text) => {
    const lines = wrapped(text, 26).split("\n");
    return lines.slice(0, 2).join("\n") + (lines.length > 2 ? "…" : "");
  };

  const points = (group, rows) => ({
    id: `points-${group}`,
    name: group < 0 ? box.dataset.alone : data.groups[group].label,
    type: "scatter",
    data: rows.map((row) => [data.x[row], data.y[row], row]),
    symbol: shapeOf(group),
    symbolSize: data.id.length > MANY ? 4 : group < 0 ? 5 : 9,
    large: data.id.length > 20000,
    itemStyle: { color: colourOf(group), opacity: group < 0 ? 0.45 : 0.75, borderColor: token("--paper"), borderWidth: data.id.length > MANY ? 0 : 0.75 },
    emphasis: { focus: "series", itemStyle: { opacity: 1, borderColor: token("--ink"), borderWidth: 1.5 } },
    blur: { itemStyle: { opacity: 0.12 } },
    z: group < 0 ? 2 : 3,
  });

  const outline = (group, rows) => {
    const corners = hull(rows);
    return {
      id: `hull-${group}`, type: "custom", silent: true, z: 1, data: corners.length ? [0] : [],
      renderItem: (_params, api) => ({
        type: "polygon",
        shape: { points: corners.map((corner) => api.coord([corner[0], corner[1]])), smooth: 0.25 },
        style: { fill: faded(colourOf(group), 0.09) },
      }),
    };
  };

  // Above its group, below it or beside it: where a name meets no other name and covers the fewest voices.
  let [taken, dots, places] = [[], [], []];
  const pixel = (point) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, point);
  const meets = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const covered = (spot) => dots.filter(([x, y]) => x > spot.x - 4 && x < spot.x + spot.width + 4 && y > spot.y - 4 && y < spot.y + spot.height + 4).length;
  const around = (near) => {
    const corners = near.map((point) => pixel([point[0], point[1]]));
    const [across, down] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
  };
  const spots = ({ width, height }, { left, right, top, bottom }) => {
    const [over, under, level] = [top - height - 8, bottom + 10, (top + bottom - height) / 2];
    const centred = Math.max(0, Math.min((left + right - width) / 2, chart.getWidth() - width));
    const corners = [[centred, over], [centred, under], [right + 10, level], [left - width - 10, level], [right - width / 2, over],
      [left - width / 2, over], [right - width / 2, under], [left - width / 2, under], [centred, over - 20], [centred, under + 20], [centred, over - 40]];
    return corners.map(([x, y]) => ({ x, y, width, height }));
  };
  const beside = (label) => {
    if (label.dataIndex === 0) {
      [taken, dots] = [[], data.id.length > MANY ? [] : data.x.map((x, row) => pixel([x, data.y[row]]))];
      places = standing.map(around);
    }
    const cost = (spot, order) => {
      const inside = spot.x >= 0 && spot.y >= 0 && spot.x + spot.width <= chart.getWidth() && spot.y + spot.height <= chart.getHeight();
      return order + 4 * covered(spot) + (inside && !taken.some((other) => meets(spot, other)) ? 0 : 1000);
    };
    const tried = spots(label.labelRect, places[label.dataIndex]).map((spot, order) => [cost(spot, order), spot]);
    const [least, best] = tried.reduce((kept, one) => (one[0] < kept[0] ? one : kept));
    if (least < 1000) taken.push(best);
    return { x: best.x + best.width / 2, y: best.y, align: "center", verticalAlign: "top", hideOverlap: true };
  };

  const names = (groups) => ({
    id: "names", type: "scatter", silent: true, z: 5, symbolSize: 0.1,
    data: groups.map(([group], at) => ({ value: standing[at][0].slice(0, 2), name: data.groups[group].label, label: { color: inkOf(group) } })),
    labelLayout: beside,
    label: {
      show: true, position: "top", distance: 6, formatter: (point) => shortened(point.name),
      fontFamily: getComputedStyle(box).fontFamily, fontSize: 13, lineHeight: 16, fontWeight: 600,
      textBorderColor: token("--paper"), textBorderWidth: 3, align: "center",
    },
  });

  const draw = () => {
    const byGroup = new Map();
    data.group.forEach((group, row) => {
      if (!byGroup.has(group)) byGroup.set(group, []);
      byGroup.get(group).push(row);
    });
    if (data.x.length > 1) {
      wholeArea = (extent(data.x) || 1) * (extent(data.y) || 1);
    }
    const groups = [...byGroup.entries()].sort((a, b) => a[0] - b[0]);
    const named = groups.filter(([group, rows]) => group >= 0 && rows.length);
    const told = named.filter(([, rows]) => !isScattered(core(rows))).slice(0, 16);
    standing = told.map(([, rows]) => core(rows));
    const wide = box.clientWidth > 560;
    const axis = { type: "value", show: false, scale: true };
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(box).fontFamily },
      grid: { left: 8, right: 8, top: 48, bottom: 8 },
      xAxis: axis, yAxis: axis,
      dataZoom: [{ type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl" }, { type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "ctrl" }],
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true, backgroundColor: token("--paper"), borderColor: token("--rule"),
        textStyle: { color: token("--ink"), fontSize: 14, lineHeight: 20, fontFamily: getComputedStyle(box).fontFamily },
        formatter: (point) => {
          const row = point.value[2];
          const show = () => chart.dispatchAction({ type: "showTip", seriesIndex: point.seriesIndex, dataIndex: point.dataIndex });
          return wrapped(wordsOf(row, show));
        },
      },
      series: [...named.map(([group, rows]) => outline(group, rows)), ...groups.map(([group, rows]) => points(group, rows)), ...(wide ? [names(told)] : [])],
    }, { notMerge: true });
  };

  const legend = () => {
    for (const item of document.querySelectorAll(".idea-map-legend [data-group]")) {
      const group = Number(item.dataset.group);
      let mark = item.querySelector(".map-mark");
      if (!mark) {
        mark = document.createElement("span");
        item.prepend(mark, " ");
        const series = `points-${group}`;
        const tell = (type) => () => chart.dispatchAction({ type, seriesId: series });
        item.addEventListener("pointerenter", tell("highlight"));
        item.addEventListener("pointerleave", tell("downplay"));
        item.addEventListener("focusin", tell("highlight"));
        item.addEventListener("focusout", tell("downplay"));
      }
      mark.className = `map-mark map-mark-${shapeOf(group)}`;
      mark.setAttribute("aria-hidden", "true");
      mark.style.setProperty("--mark", colourOf(group));
    }
  };

  box.addEventListener("trouble", () => { document.getElementById("table").open = true; });
  show(box, (found, started) => {
    data = found;
    chart = started;
    return {
      draw: () => { draw(); legend(); },
      addressOf: (point) => {
        const row = Array.isArray(point.value) ? point.value[2] : undefined;
        return row === undefined ? "" : `/submissions/${data.id[row]}`;
      },
    };
  });
})();
