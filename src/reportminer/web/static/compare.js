"use strict";
// the comparison: selection in the address, table, chart, evidence of a cell
const chooser = $("#choose-cells");
if (chooser) {
  let data = null, grid = null, chart = null;
  const query = () => { const q = new URLSearchParams(new FormData(chooser)); return q; };
  const state = new URLSearchParams(location.search);
  $("#show-rank").checked = state.get("rank") === "1"; $("#show-growth").checked = state.get("growth") === "1";
  if (state.get("chart")) $("#chart-kind").value = state.get("chart");
  const el = (tag, props = {}, ...children) => { const e = document.createElement(tag); Object.assign(e, props); e.append(...children); return e; };

  function address() {
    const q = query();
    q.set("chart", $("#chart-kind").value);
    if ($("#chart-column").value) q.set("column", $("#chart-column").value);
    if ($("#chart-year").value) q.set("chartyear", $("#chart-year").value);
    if ($("#show-rank").checked) q.set("rank", "1");
    if ($("#show-growth").checked) q.set("growth", "1");
    history.replaceState(null, "", "?" + q);
    $$("[data-format]").forEach(a => { const d = query(); d.set("format", a.dataset.format); a.href = `/api/projects/${project}/comparison/file?${d}`; });
  }
  function cell(c) {
    if (c === null) return el("span", {className: "none", textContent: "—"});
    const b = el("button", {className: "cell " + c.state + (c.flags.length ? " flagged" : ""), textContent: c.text + (c.flags.length ? " ⚠" : ""), title: c.flags.length ? "有核查结果，点开看" : "点开看原句"});
    if (c.others) b.append(el("span", {className: "also", textContent: `另${c.others}`}));
    b.dataset.observation = c.observation;
    const d = el("div", {}, b);
    const more = [$("#show-rank").checked && c.rank ? "第 " + c.rank : "", $("#show-growth").checked ? c.growth : ""].filter(Boolean).join("　");
    if (more) d.append(el("div", {className: "more", textContent: more}));
    return d;
  }
  const numbers = (a, b) => (a?.number ?? -Infinity) - (b?.number ?? -Infinity);
  function draw() {
    const t = data.table;
    const columns = [{title: "地区", field: "area", frozen: true, minWidth: 90, formatter: "plaintext"}, {title: "年份", field: "year", frozen: true, minWidth: 80, formatter: "plaintext"}];
    t.columns.forEach((name, n) => columns.push({title: name, field: "c" + n, hozAlign: "right", minWidth: 120, formatter: x => cell(x.getValue()), sorter: numbers, titleFormatter: () => el("span", {textContent: name, title: name}), headerWordWrap: true}));
    const rows = t.rows.map(([area, year, cells], id) => ({id, area, year, ...Object.fromEntries(cells.map((c, n) => ["c" + n, c]))}));
    grid?.destroy();
    grid = new Tabulator("#table", {data: rows, columns, layout: "fitData", maxHeight: "60vh", columnDefaults: {headerSortTristate: true}, placeholder: "没有符合条件的数"});
    // its cells are focusable, the box around them need not be (a grid may hold rows only)
    grid.on("tableBuilt", () => $$("#table .tabulator-tableholder").forEach(x => x.removeAttribute("tabindex")));
    $("#left-out").textContent = [t.left_out ? `另有 ${t.left_out} 个指标没有列出，请在“指标”里选。` : "", t.undated ? `另有 ${t.undated} 个数没有写明年份，请在“年份”里选“年份不明”。` : ""].join("");
    drawPrinted(t);
    $("#notes").replaceChildren(...(data.notes.length ? data.notes : ["没有发现。"]).map(n => el("li", {textContent: n})));
    const keep = $("#chart-column").value || state.get("column");
    $("#chart-column").replaceChildren(...t.columns.map(c => el("option", {value: c, textContent: c})));
    if (t.columns.includes(keep)) $("#chart-column").value = keep;
    const years = [...new Set(t.rows.map(r => r[1]))].sort().reverse(), year = $("#chart-year").value || state.get("chartyear");
    $("#chart-year").replaceChildren(...years.map(y => el("option", {value: y, textContent: y})));
    const filled = y => t.rows.filter(r => r[1] === y && r[2][Math.max(0, t.columns.indexOf($("#chart-column").value))]?.number != null).length;
    if (years.includes(year)) $("#chart-year").value = year;
    else if (years.length) $("#chart-year").value = years.reduce((best, y) => filled(y) > filled(best) ? y : best);
    drawChart(); address();
  }
  function drawPrinted(t) { // on paper a plain table that is whole, in pieces of a few columns
    const pieces = [];
    for (let n = 0; n < t.columns.length; n += 6) {
      const table = el("table", {}), head = el("tr", {}, el("th", {textContent: "地区"}), el("th", {textContent: "年份"}), ...t.columns.slice(n, n + 6).map(c => el("th", {textContent: c})));
      table.append(el("thead", {}, head), el("tbody", {}, ...t.rows.filter(r => r[2].slice(n, n + 6).some(Boolean)).map(r => el("tr", {}, el("td", {textContent: r[0]}), el("td", {textContent: r[1]}), ...r[2].slice(n, n + 6).map(c => el("td", {className: "n", textContent: c ? c.text + (c.flags.length ? " ⚠" : "") : "—"}))))));
      pieces.push(table);
    }
    $("#printed").replaceChildren(...pieces);
  }
  function drawChart() {
    const t = data.table, kind = $("#chart-kind").value, n = Math.max(0, t.columns.indexOf($("#chart-column").value)), name = t.columns[n] || "";
    $("#column-label").hidden = kind === "heat"; $("#year-label").hidden = kind === "trend";
    chart ||= echarts.init($("#chart"));
    const base = {animation: false, textStyle: {fontFamily: getComputedStyle(document.body).fontFamily}, tooltip: {renderMode: "richText"}, grid: {containLabel: true, left: 10, right: 30, top: 50, bottom: 10}};
    const year = $("#chart-year").value, red = "#c98a84", blue = "#4a7db5";
    let option;
    if (kind === "bar") {
      const points = t.rows.filter(r => r[1] === year && r[2][n]?.number != null).map(r => [r[0], r[2][n]]).sort((a, b) => a[1].number - b[1].number);
      option = {...base, title: {text: `${year}${/\d$/.test(year) ? "年" : ""}　${name}`, textStyle: {fontSize: 15}}, xAxis: {type: "value"}, yAxis: {type: "category", data: points.map(p => p[0])},
        series: [{type: "bar", data: points.map(p => ({value: p[1].number, itemStyle: {color: p[1].flags.length ? red : blue}})), label: {show: true, position: "right", formatter: x => points[x.dataIndex][1].text + (points[x.dataIndex][1].flags.length ? " ⚠" : "")}}]};
    } else if (kind === "trend") {
      const years = [...new Set(t.rows.map(r => r[1]))].sort(), areas = [...new Set(t.rows.map(r => r[0]))];
      const at = (a, y) => t.rows.find(r => r[0] === a && r[1] === y)?.[2][n]?.number ?? null;
      option = {...base, title: {text: name, textStyle: {fontSize: 15}}, legend: {top: 24, type: "scroll"}, grid: {...base.grid, top: 60}, xAxis: {type: "category", data: years}, yAxis: {type: "value", scale: true}, series: areas.map(a => ({name: a, type: "line", symbolSize: 8, connectNulls: false, data: years.map(y => at(a, y))}))};
    } else {
      const rows = t.rows.filter(r => r[1] === year), points = [];
      t.columns.forEach((_, x) => { const v = rows.map(r => r[2][x]?.number).filter(v => v != null), low = Math.min(...v), high = Math.max(...v);
        rows.forEach((r, y) => { const c = r[2][x]; if (c?.number != null) points.push({value: [x, y, high > low ? (c.number - low) / (high - low) : .5], name: c.text}); }); });
      option = {...base, title: {text: `${year}年（颜色按指标由低到高）`, textStyle: {fontSize: 15}}, xAxis: {type: "category", data: t.columns, axisLabel: {rotate: 30, interval: 0, width: 150, overflow: "truncate"}}, yAxis: {type: "category", data: rows.map(r => r[0])}, visualMap: {show: false, min: 0, max: 1, dimension: 2, inRange: {color: ["#eef4fb", "#7fabd9"]}}, series: [{type: "heatmap", data: points, label: {show: true, color: "#1c2733", formatter: p => p.data.name}}]};
    }
    chart.setOption(option, true);
  }
  async function load() { await act(async () => { data = await api("GET", `/projects/${project}/comparison/view?${query()}`); draw(); }); }
  function told() { $$("details", chooser).forEach(d => { const n = $$("input:checked", d).length; $(".told", d).textContent = n ? `${n} 项` : "全部"; }); }
  chooser.addEventListener("change", e => { told(); if (e.target.id.startsWith("show-")) draw(); else load(); });
  chooser.addEventListener("reset", e => { e.preventDefault(); $$("input", chooser).forEach(i => { i.checked = false; }); told(); load(); });
  chooser.addEventListener("submit", e => e.preventDefault());
  for (const s of ["#chart-kind", "#chart-column", "#chart-year"]) $(s).addEventListener("change", () => { drawChart(); address(); });
  addEventListener("resize", () => chart?.resize());
  $("#copy").addEventListener("click", () => act(async () => { await navigator.clipboard.writeText(location.href); toast("已复制，打开这个网址就是现在的视图。"); }));
  $("#png").addEventListener("click", () => { const a = el("a", {href: chart.getDataURL({type: "png", pixelRatio: 2, backgroundColor: "#fff"}), download: `${$("#chart-column").value || "比较"}.png`}); a.click(); });
  $("#table").addEventListener("click", e => { const b = e.target.closest(".cell"); if (b) act(() => evidence(b.dataset.observation)); });
  async function evidence(id) {
    const d = await api("GET", `/projects/${project}/comparison/evidence/${id}`), box = $("#evidence");
    const quote = o => el("blockquote", {}, o.sentence, el("br"), el("a", {href: `/projects/${project}/report?source=${encodeURIComponent(o.source)}#${o.id}`, textContent: `${o.source}：${o.text}（${o.period || "时期不明"}）`}));
    const close = el("form", {method: "dialog"}, el("button", {textContent: "关闭 Esc"}));
    box.replaceChildren(el("h2", {id: "evidence-title", textContent: d.chosen.text}), quote(d.chosen), ...d.findings.map(f => el("p", {className: "flag " + f.severity}, el("a", {href: `/projects/${project}/findings#${f.id}`, textContent: f.message}))), ...(d.others.length ? [el("h3", {textContent: "没有采用的数"}), ...d.others.map(quote)] : []), close);
    box.showModal();
  }
  document.addEventListener("keydown", e => { if (typing(e)) return; const box = {r: "#show-rank", g: "#show-growth"}[e.key]; if (box) { $(box).checked = !$(box).checked; draw(); } });
  addEventListener("results", e => { e.preventDefault(); load(); });
  load();
}
