"use strict";
// findings: list on the left, one laid out on the right, decisions on one or many
const work = $(".work"), mayDecide = work.dataset.may === "yes";
let chosen = null, every = null; // every: [{id, version}] when all that match were picked
const rows = () => $$("#list .findings li");
const VERDICT = {confirmed: "属实", false_alarm: "误报", explained: "已说明", open: "撤回判断"};

async function showFinding(id, focus = true) {
  rows().forEach(r => r.classList.toggle("on", r.id === id));
  const li = document.getElementById(id);
  if (li) { $("a", li).setAttribute("aria-current", "true"); rows().forEach(r => r !== li && $("a", r).removeAttribute("aria-current")); if (focus) { $("a", li).focus(); li.scrollIntoView({block: "nearest"}); } }
  chosen = id;
  history.replaceState(null, "", "#" + id);
  const r = await fetch(`/projects/${project}/findings/${encodeURIComponent(id)}`, {headers: {"HX-Request": "true"}});
  if (!r.ok) { toast((await r.json()).error, true); return; }
  const text = await r.text();
  if (chosen === id) { $("#detail").innerHTML = text; $("#detail").scrollTop = 0; }
}
function step(by) { const all = rows(), at = all.findIndex(r => r.id === chosen), next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by]; if (next) showFinding(next.id); else toast(by > 0 ? "本页已是最后一处。" : "已是第一处。"); }
function picked() {
  if (every) return every;
  const some = rows().filter(r => $(".pick", r)?.checked).map(r => ({id: r.id, version: Number(r.dataset.version)}));
  if (some.length) return some;
  const a = $("#detail article");
  return a ? [{id: a.dataset.id, version: Number(a.dataset.version)}] : [];
}
function decide(verdict) {
  if (!mayDecide) return;
  const what = picked();
  if (!what.length) { toast("请先点一处，或选中几处。"); return; }
  const d = $("#decide"), t = $("#reason");
  $("#decide-title").textContent = `${VERDICT[verdict]}：${what.length === 1 ? document.getElementById(what[0].id)?.innerText.split("\n").pop() || what[0].id : what.length + " 处"}`;
  t.value = ""; d.returnValue = "no"; d.showModal(); t.focus();
  d.onclose = () => { if (d.returnValue === "yes") act(async () => {
    await api("POST", `/projects/${project}/decisions`, {seen: Object.fromEntries(what.map(w => [w.id, w.version])), verdict, reason: t.value});
    toast(`已记下：${VERDICT[verdict]} ${what.length} 处。`);
    const at = rows().findIndex(r => r.id === chosen), next = rows()[at + 1]?.id;
    await reload();
    const stay = document.getElementById(chosen) ? (what.length === 1 ? next || chosen : chosen) : next;
    if (stay && document.getElementById(stay)) showFinding(stay); else if (chosen) showFinding(chosen, false);
  }); };
}
async function reload() { // the list as it is filtered now
  every = null;
  const r = await fetch(location.pathname + location.search, {headers: {"HX-Request": "true"}});
  const t = document.createElement("template"); t.innerHTML = await r.text();
  $("#list").replaceWith(t.content.querySelector("#list")); htmx.process($("#list"));
}
work.addEventListener("click", e => {
  const a = e.target.closest(".findings a");
  if (a) { e.preventDefault(); showFinding(a.closest("li").id); }
  const b = e.target.closest("[data-decide]");
  if (b) { if (b.closest("#detail")) { rows().forEach(r => { const c = $(".pick", r); if (c) c.checked = false; }); every = null; } decide(b.dataset.decide); }
  if (e.target.matches("[data-every]")) act(async () => {
    const q = new URLSearchParams(new FormData($("#filters"))); q.set("limit", "100000");
    every = (await api("GET", `/projects/${project}/findings?${q}`)).lines.map(x => ({id: x.item.id, version: x.version}));
    rows().forEach(r => { $(".pick", r).checked = true; }); toast(`已选中 ${every.length} 处。`);
  });
});
work.addEventListener("change", e => {
  if (e.target.id === "all") { every = null; rows().forEach(r => { $(".pick", r).checked = e.target.checked; }); }
  if (e.target.matches(".pick")) every = null;
});
addEventListener("results", e => { // what was picked for a decision stays as it is until it is decided
  e.preventDefault();
  if ($("#decide").open || every || rows().some(r => $(".pick", r)?.checked)) { toast("核查结果已更新；作出判断后列表随之刷新。"); return; }
  act(async () => { await reload(); if (chosen && document.getElementById(chosen)) showFinding(chosen, false); else if (chosen) { chosen = null; $("#detail").innerHTML = "<p>原来的这一处已不再有。</p>"; } });
});
document.addEventListener("htmx:afterSwap", () => { every = null; if (chosen) document.getElementById(chosen)?.classList.add("on"); });
document.addEventListener("keydown", e => {
  if (typing(e)) return;
  const keys = {n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1), 1: () => decide("confirmed"), 2: () => decide("false_alarm"), 3: () => decide("explained"), 0: () => decide("open"),
    x: () => { const c = chosen && document.getElementById(chosen)?.querySelector(".pick"); if (c) { c.checked = !c.checked; every = null; } }, o: () => $("#detail .jump")?.click(), "/": () => $("#find").focus()};
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
if (location.hash.length > 1) showFinding(decodeURIComponent(location.hash.slice(1)));
