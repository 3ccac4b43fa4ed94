"use strict";
// limits, official figures, words
$("#limits").addEventListener("submit", e => { e.preventDefault(); act(async () => { await api("PATCH", `/projects/${project}/limits`, Object.fromEntries([...new FormData(e.target)].map(([k, v]) => [k, Number(v)]))); toast("已保存。"); }); });
$("#reference")?.addEventListener("click", () => $("#reference-file").click());
$("#reference-file")?.addEventListener("change", e => act(async () => {
  const file = e.target.files[0];
  const r = await fetch(`/api/projects/${project}/reference?name=${encodeURIComponent(file.name)}`, {method: "PUT", headers: {"X-CSRF-Token": csrf, "Content-Type": "application/octet-stream"}, body: file});
  const a = await r.json();
  e.target.value = "";
  if (!r.ok) throw new Error(a.error + a.fix);
  toast(`已存 ${a.rows} 行，正在重新核查。`); setTimeout(() => location.reload(), 1200);
}));
$("#no-reference")?.addEventListener("click", () => act(async () => { await api("DELETE", `/projects/${project}/reference`); location.reload(); }));
$("#which").addEventListener("change", e => { location.search = "?table=" + encodeURIComponent(e.target.value); });
addEventListener("results", e => e.preventDefault()); // what is being written here stays
const rowsOf = () => $("#words textarea").value;
const table = $("#words").dataset.table;
$("#words textarea").addEventListener("keydown", e => { if (e.key === "Tab" && !e.shiftKey && e.ctrlKey) { e.preventDefault(); e.target.setRangeText("\t", e.target.selectionStart, e.target.selectionEnd, "end"); } });
$("#preview")?.addEventListener("click", () => act(async () => {
  const found = await api("POST", `/projects/${project}/lexicon/${table}/preview`, {text: rowsOf()});
  const box = $("#changes"), p = document.createElement("p"), ul = document.createElement("ul");
  p.textContent = found.length ? `词表可用；${found.length} 个数会改变：` : "词表可用；现有报告里的数不变。";
  for (const c of found.slice(0, 100)) { const li = document.createElement("li"); li.textContent = `${c.source}“${c.text}”：${c.before || "没有读出"} → ${c.after || "不再读出"}`; ul.append(li); }
  box.replaceChildren(p, ul);
}));
$("#words").addEventListener("submit", e => { e.preventDefault(); act(async () => { await api("PUT", `/projects/${project}/lexicon/${table}`, {text: rowsOf()}); toast("已保存。"); recheck(); }); });
