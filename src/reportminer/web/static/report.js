"use strict";
// one report: marks, the record beside them, corrections
const desk = $(".desk"), box = $("#record"), source = desk.dataset.source, may = desk.dataset.may === "yes";
const choices = JSON.parse($("#choices").textContent);
const base = `/projects/${project}/observations`, ask_source = `source=${encodeURIComponent(source)}`;
const steps = []; // what can be taken back: [observation]
let current = null, record = null;

function el(tag, props = {}, ...children) { const e = document.createElement(tag); Object.assign(e, props); e.append(...children.filter(c => c !== null && c !== undefined)); return e; }
// one thing after the other, however fast keys, clicks and new results come; queue: unless somebody is writing
let chain = Promise.resolve();
const after = f => { chain = chain.then(f).catch(e => toast(e.message, true)); };
const queue = f => after(() => $("#record form") ? undefined : f());
const allMarks = () => $$("#text mark");

const boxesOf = id => $$(`#pages rect[data-mark="${CSS.escape(id)}"]`);
function centre(holder, r) { // scrolls a pane so that a rectangle of the window is in its middle
  const h = holder.getBoundingClientRect();
  holder.scrollTop += r.top + r.height / 2 - h.top - h.height / 2;
  holder.scrollLeft += r.left + r.width / 2 - h.left - h.width / 2;
}
function inside(holder, r) { const h = holder.getBoundingClientRect(); return r.top >= h.top && r.bottom <= h.bottom && r.left >= h.left && r.right <= h.right; }

// from: where the person is, "text" or "page": that pane does not move; "still": none does; "": both do
async function show(mark, from = "") {
  $$("#text mark.on").forEach(m => { m.classList.remove("on"); m.tabIndex = -1; });
  mark.classList.add("on"); mark.tabIndex = 0; current = mark;
  lit();
  const boxes = boxesOf(mark.id), pane = $("#pages");
  if (from === "" || from === "page") { const r = mark.getBoundingClientRect(); if (r.height) centre($("#text"), r); }
  if (pane && (from === "" || from === "text") && boxes.length) { const r = boxes[0].getBoundingClientRect(); if (r.height && !inside(pane, r)) centre(pane, r); }
  if (!from) (mark.getClientRects().length ? mark : boxes[0])?.focus({preventScroll: true});
  history.replaceState(null, "", "#" + mark.id);
  await act(async () => {
    const r = await api("GET", `${base}/${mark.id}?${ask_source}`);
    if (current === mark && !(from === "still" && $("#record form"))) { record = r; draw(); }
  });
}
function lit() { // the boxes follow the marks
  $$("#pages rect").forEach(r => { r.classList.toggle("on", r.dataset.mark === current?.id); const m = document.getElementById(r.dataset.mark); for (const c of ["done", "whole", "part"]) r.classList.toggle(c, Boolean(m?.classList.contains(c))); });
}
function row(dl, name, ...value) { dl.append(el("dt", {textContent: name}), el("dd", {}, ...value)); }
function jump(o) { return el("a", {href: "#" + o.id, textContent: `${o.text}（${o.label}）`, onclick: e => { e.preventDefault(); const m = document.getElementById(o.id); if (m) after(() => show(m)); }}); }
const ACTIONS = {accept: "接受", correct: "改正", delete: "删除", add: "补标", undo: "撤销"};
function draw() {
  const o = record.observation, n = record.names, dl = el("dl");
  row(dl, "原文", o.text); row(dl, "数值", n.quantity); row(dl, "指标", n.indicator); row(dl, "称作", o.label);
  row(dl, "类型", n.kind); row(dl, "状态", n.status); row(dl, "时期", o.period || "不明"); row(dl, "地区", (o.area || "不明") + (o.area_code ? ` ${o.area_code}` : "")); row(dl, "范围", n.scope || "—");
  row(dl, "整体", record.whole ? jump(record.whole) : "—");
  if (record.parts.length) { const ul = el("ul"); record.parts.forEach(p => ul.append(el("li", {}, jump(p)))); row(dl, "部分", ul); }
  if (o.low !== null && o.high !== null && o.low !== o.high) row(dl, "可能范围", `${Number(o.low).toLocaleString("zh-CN", {maximumFractionDigits: 12})} — ${Number(o.high).toLocaleString("zh-CN", {maximumFractionDigits: 12})}`);
  row(dl, "依据", el("span", {textContent: n.basis, title: o.rule})); row(dl, "把握", Number(o.confidence).toFixed(2)); row(dl, "位置", `第 ${o.start}—${o.end} 字${o.page ? `，第 ${o.page} 页` : ""}`);
  const parts = [el("h2", {textContent: record.reviewed ? `${n.quantity} · 已${ACTIONS[record.reviewed]}` : n.quantity})];
  if (may) parts.push(el("p", {className: "buttons no-print"}, el("button", {className: "primary", textContent: "接受 a", onclick: () => queue(accept)}), el("button", {textContent: "改正 e", onclick: () => queue(edit)}), el("button", {textContent: "删除 d", onclick: () => queue(remove)}), record.version ? el("button", {textContent: "撤销 u", onclick: () => queue(() => undo(o.id))}) : null));
  for (const f of record.findings) parts.push(el("p", {className: "flag " + f.severity}, el("a", {href: `/projects/${project}/findings#${f.id}`, textContent: f.message})));
  parts.push(dl, el("blockquote", {textContent: record.sentence}));
  if (record.history.length) { const ul = el("ul", {className: "quiet"}); record.history.forEach(h => ul.append(el("li", {textContent: `${new Date(h.at).toLocaleString("zh-CN")} ${h.who} ${ACTIONS[h.action]}${h.reason ? "：" + h.reason : ""}${difference(h)}`}))); parts.push(el("h3", {textContent: "经过"}), ul); }
  box.replaceChildren(...parts);
  drawRelations();
}
function difference(h) {
  if (!h.before || !h.after) return "";
  const d = Object.keys(h.after).filter(k => JSON.stringify(h.after[k]) !== JSON.stringify(h.before[k])).map(k => `${FIELD[k] || k} ${word(k, h.before[k])} → ${word(k, h.after[k])}`);
  return d.length ? `（${d.join("；")}）` : "";
}
const FIELD = {value: "数值", value2: "上限", unit: "单位", bound: "界限", masked: "遮盖", indicator: "指标", label: "称作", kind: "类型", status: "状态", period: "时期", area: "地区", area_code: "代码", scope: "范围", part_of: "整体"};
const word = (k, v) => v === null || v === "" ? "空" : choices[k] && typeof v === "string" ? choices[k][v] || v : typeof v === "object" ? Object.values(v).join("、") || "空" : String(v);
function drawRelations() {
  $$("#text mark.whole, #text mark.part").forEach(m => m.classList.remove("whole", "part"));
  if (record.whole) document.getElementById(record.whole.id)?.classList.add("whole");
  record.parts.forEach(p => document.getElementById(p.id)?.classList.add("part"));
  lit();
}
function select(name, options, value) { const s = el("select", {name}); for (const [k, v] of Object.entries(options)) s.append(el("option", {value: k, textContent: v, selected: k === value})); return s; }
function form(title, fields, o, save) {
  const f = el("form", {className: "edit"});
  const line = (k, control) => f.append(el("label", {}, el("span", {textContent: FIELD[k]}), control));
  const text = (k, extra = {}) => line(k, el("input", {name: k, value: fields[k] ?? "", autocomplete: "off", ...extra}));
  f.append(el("h2", {textContent: title}), el("p", {className: "quiet", textContent: `原文“${o.text}”。数值可以照原文写，如 12.04亿元。`}));
  text("value"); text("value2"); text("unit"); line("bound", select("bound", choices.bound, fields.bound));
  line("masked", el("input", {type: "checkbox", name: "masked", checked: fields.masked}));
  const list = el("datalist", {id: "indicators"}); for (const [k, v] of Object.entries(choices.indicator)) list.append(el("option", {value: v, label: k}));
  line("indicator", el("input", {name: "indicator", value: choices.indicator[fields.indicator] || fields.indicator})); f.elements.indicator.setAttribute("list", "indicators"); f.append(list);
  text("label"); line("kind", select("kind", choices.kind, fields.kind)); line("status", select("status", choices.status, fields.status));
  text("period", {placeholder: "2020、2020-09、2016/2020"}); text("area");
  const scope = el("details", {open: Object.keys(fields.scope).length > 0}, el("summary", {textContent: "范围（学段、口径、城乡等）"}));
  for (const [k, v] of Object.entries(choices.scope)) scope.append(el("label", {}, el("span", {textContent: v}), el("input", {name: "scope." + k, value: fields.scope[k] || "", autocomplete: "off"})));
  f.append(scope);
  const near = {"": "—"}; allMarks().forEach(m => { if (m.id !== o.id) near[m.id] = m.textContent; });
  line("part_of", select("part_of", near, fields.part_of || ""));
  f.append(el("label", {}, el("span", {textContent: "说明"}), el("input", {name: "reason", placeholder: "为什么这样改（可不填）", maxLength: 2000})));
  f.append(el("p", {className: "buttons"}, el("button", {className: "primary", textContent: "保存 Enter"}), el("button", {type: "button", textContent: "取消 Esc", onclick: cancel})));
  function cancel() { if (record) draw(); else box.replaceChildren(); current?.focus({preventScroll: true}); }
  f.addEventListener("keydown", e => { if (e.key === "Escape") { e.stopPropagation(); cancel(); } });
  f.addEventListener("submit", e => {
    e.preventDefault();
    const d = new FormData(f), out = {scope: {}};
    for (const k of ["value", "value2", "unit", "bound", "label", "kind", "status", "period", "area", "part_of"]) out[k] = d.get(k).trim() || null;
    out.masked = d.has("masked");
    out.indicator = Object.keys(choices.indicator).find(k => choices.indicator[k] === d.get("indicator")) || d.get("indicator");
    for (const k of Object.keys(choices.scope)) if (d.get("scope." + k).trim()) out.scope[k] = d.get("scope." + k).trim();
    const b = $(".primary", f); b.disabled = true; // once is enough
    after(async () => { await act(() => save(out, d.get("reason"))); b.disabled = false; });
  });
  box.replaceChildren(f); f.elements.value.focus(); f.elements.value.select();
}
function repainted(fresh) { // the same marks in other colours: nobody loses a selection or a place; false when there are others
  const both = s => [$$(s), $$(s, fresh)];
  const [marks, new_marks] = both("#text mark"), [boxes, new_boxes] = both("#pages rect");
  if (marks.map(m => m.id + m.textContent).join() !== new_marks.map(m => m.id + m.textContent).join() || boxes.length !== new_boxes.length) return false;
  marks.forEach((m, n) => { const stay = ["on", "whole", "part"].filter(c => m.classList.contains(c)); m.className = new_marks[n].className; m.classList.add(...stay); m.title = new_marks[n].title; });
  boxes.forEach((b, n) => { b.setAttribute("class", new_boxes[n].getAttribute("class")); b.firstElementChild.textContent = new_boxes[n].textContent; });
  $("#text").dataset.marks = $("#text", fresh).dataset.marks; $("#text").dataset.reviewed = $("#text", fresh).dataset.reviewed;
  return true;
}
async function refresh(id, from = "") {
  if (from !== "still") recheck();
  const r = await fetch(`/projects/${project}/report/text?${ask_source}`, {headers: {"HX-Request": "true"}});
  if (!r.ok) throw new Error("正文没有刷新，请重新打开本页。");
  const t = document.createElement("template"); t.innerHTML = await r.text();
  if (from !== "still" || !repainted(t.content)) {
    if (from === "still" && ($("#record form") || !getSelection().isCollapsed)) { setTimeout(anew, 2000); return; }
    const held = $("#text").contains(document.activeElement), top = $("#text").scrollTop;
    for (const fresh of t.content.querySelectorAll("#pages svg")) $(`#${fresh.closest("figure").id} svg`)?.replaceWith(fresh); // the pictures stay
    $("#text").replaceWith(t.content.querySelector("#text")); $("#text").scrollTop = top;
    if (held && id) document.getElementById(id)?.focus({preventScroll: true});
  }
  $("#count").textContent = $("#text").dataset.marks; $("#seen").textContent = $("#text").dataset.reviewed;
  const m = id && document.getElementById(id);
  if (m) await show(m, from); else if (current || from !== "still") { current = record = null; box.replaceChildren(el("p", {textContent: "这里的标记已去掉。按 u 撤销，按 n 到下一个。"})); }
}
const send = (id, body) => api("POST", `${base}/${id}/review?${ask_source}`, body);
function accept() { if (record && may) return act(async () => {
  const id = record.observation.id, mark = current;
  await send(id, {action: "accept", seen: record.version}); steps.push(id);
  if (!mark.classList.contains("done")) { mark.classList.add("done"); $("#seen").textContent = Number($("#seen").textContent) + 1; }
  await move(1);
}); }
function edit() { if (record && may) { const r = record; form("改正", r.fields, r.observation, async (fields, reason) => { const id = r.observation.id; await send(id, {action: "correct", seen: r.version, fields, reason}); steps.push(id); toast("已改正。"); await refresh(id); }); } }
function remove() { if (record && may) return act(async () => { const id = record.observation.id, next = allMarks()[allMarks().indexOf(current) + 1]; await send(id, {action: "delete", seen: record.version}); steps.push(id); gone.set(id, record.version + 1); toast("已删除；按 u 撤销。"); await refresh(next?.id); }); }
const gone = new Map();
function undo(id = steps.pop()) { if (may) return act(async () => {
  if (!id) { toast("没有可以撤销的。"); return; }
  const seen = gone.has(id) ? gone.get(id) : (await api("GET", `${base}/${id}?${ask_source}`)).version;
  gone.delete(id);
  await api("POST", `${base}/${id}/undo?${ask_source}`, {seen});
  toast("已撤销。"); await refresh(id);
}); }
function place(node, offset) { // shown offset of a point of the selection
  const holder = (node.nodeType === 3 ? node.parentElement : node).closest("[data-at]");
  if (!holder || !$("#text").contains(holder)) return null;
  return Number(holder.dataset.at) + [...(node.nodeType === 3 ? node.data.slice(0, offset) : "")].length;
}
function add() { if (may) return act(async () => {
  const s = getSelection();
  if (!s.rangeCount || s.isCollapsed) { toast("请先在正文里选中一个数。"); return; }
  const r = s.getRangeAt(0), start = place(r.startContainer, r.startOffset), end = place(r.endContainer, r.endOffset);
  if (start === null || end === null) { toast("请在正文里选。", true); return; }
  const p = await api("GET", `/projects/${project}/proposal?${ask_source}&start=${start}&end=${end}&shown=true`);
  record = null;
  form("标为一个数", p.fields, p, async (fields, reason) => {
    await api("POST", `${base}?${ask_source}`, {start: p.start, end: p.end, fields, seen: p.seen, reason});
    steps.push(p.id); gone.delete(p.id); toast("已补标。"); await refresh(p.id);
  });
}); }
function move(by, wanted = () => true) {
  const marks = allMarks(); let at = current ? marks.indexOf(current) : by > 0 ? -1 : marks.length;
  for (at += by; at >= 0 && at < marks.length; at += by) if (wanted(marks[at])) return show(marks[at]);
  toast(by > 0 ? "已是最后一个。" : "已是第一个。");
}
desk.addEventListener("click", e => {
  const m = e.target.closest("#text mark"), r = e.target.closest("#pages rect");
  if (m && getSelection().isCollapsed) after(() => show(m, "text"));
  if (r) { const of = document.getElementById(r.dataset.mark); if (of) after(() => show(of, "page")); }
});
document.addEventListener("keydown", e => {
  if ((e.ctrlKey || e.metaKey) && e.key === "z" && !e.target.closest("input,textarea,select")) { e.preventDefault(); queue(() => undo()); return; }
  if (typing(e)) return;
  const keys = {n: () => move(1), j: () => move(1), p: () => move(-1), k: () => move(-1), b: () => move(1, m => m.matches(".error,.warning")), a: accept, e: edit, d: remove, u: () => undo(), m: add};
  const looks = {v: () => look(VIEWS[(VIEWS.indexOf(desk.dataset.view) + 1) % 3]), "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1), 0: () => zoom(0)};
  if ($("#pages") && looks[e.key]) { e.preventDefault(); looks[e.key](); return; }
  if (keys[e.key]) { e.preventDefault(); queue(keys[e.key]); }
  else if (e.key === "Enter" && e.target.matches("#text mark")) after(() => show(e.target));
});
$("#import")?.addEventListener("click", () => $("#import-file").click());
$("#import-file")?.addEventListener("change", e => after(() => act(async () => {
  const r = await fetch(`/api/projects/${project}/annotations?${ask_source}`, {method: "POST", headers: {"X-CSRF-Token": csrf, "Content-Type": "application/octet-stream"}, body: e.target.files[0]});
  const a = await r.json(); e.target.value = "";
  if (!r.ok) throw new Error(a.error + a.fix);
  toast(`已导入：改正 ${a.corrected}，补标 ${a.added}，删除 ${a.deleted}，相同 ${a.same}。`); await refresh(current?.id);
})));
// text, page or both; how large the page is
const VIEWS = ["text", "both", "page"];
function kept(name, value) { try { if (value === undefined) return localStorage.getItem(name); localStorage.setItem(name, value); } catch { return null; } return value; }
function look(view) {
  desk.dataset.view = view; kept("view", view);
  $$("[data-view]", $("#views")).forEach(b => b.setAttribute("aria-pressed", b.dataset.view === view));
  $("#zoom").hidden = view === "text";
  if (current) after(() => show(current));
}
let times = 1;
function zoom(by) {
  const pane = $("#pages"), x = (pane.scrollLeft + pane.clientWidth / 2) / pane.scrollWidth, y = (pane.scrollTop + pane.clientHeight / 2) / pane.scrollHeight;
  times = by ? Math.min(4, Math.max(.5, times * (by > 0 ? 1.25 : .8))) : 1;
  pane.style.setProperty("--times", times); $("#zoom-now").textContent = Math.round(100 * times);
  const box = current && boxesOf(current.id)[0];
  if (box) centre(pane, box.getBoundingClientRect());
  else { pane.scrollLeft = x * pane.scrollWidth - pane.clientWidth / 2; pane.scrollTop = y * pane.scrollHeight - pane.clientHeight / 2; }
}
if ($("#pages")) {
  const wanted = kept("view");
  look(VIEWS.includes(wanted) ? wanted : innerWidth >= 1100 ? "both" : "text");
  $("#views").addEventListener("click", e => { const b = e.target.closest("button"); if (b?.dataset.view) look(b.dataset.view); else if (b) zoom(Number(b.dataset.zoom)); });
  $$("#pages img").forEach(i => i.addEventListener("error", () => { i.alt += "画不出来，请看正文或打开原文件。"; i.classList.add("failed"); i.previousElementSibling?.remove(); }, {once: true}));
}
$("#exchange").addEventListener("click", e => { const m = $("#exchange-menu"); m.hidden = !m.hidden; e.currentTarget.setAttribute("aria-expanded", !m.hidden); });
// new results: the marks take their colours; somebody who is writing is left in peace
document.addEventListener("click", e => { if (!e.target.closest(".menu")) shut(); });
document.addEventListener("keydown", e => { if (e.key === "Escape") shut(); });
function shut() { $("#exchange-menu").hidden = true; $("#exchange").setAttribute("aria-expanded", "false"); }
function anew() { after(() => $("#record form") ? void setTimeout(anew, 2000) : act(() => refresh(current?.id, "still"))); }
addEventListener("results", e => { e.preventDefault(); anew(); });
function jumpTo() { const m = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (m?.matches("#text mark")) after(() => show(m)); }
addEventListener("hashchange", jumpTo); jumpTo();
if (!current) { const first = $("#text mark"); if (first) first.tabIndex = 0; }
