"use strict";
// what all pages share: requests, messages, questions, keys
const $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
const project = document.body.dataset.project;
const csrf = $("meta[name=csrf]").content;

function toast(text, bad) {
  const d = document.createElement("div");
  d.textContent = text;
  if (bad) d.className = "bad";
  $("#toast").append(d);
  setTimeout(() => d.remove(), bad ? 9000 : 4000);
}
async function api(method, path, body) {
  const r = await fetch("/api" + path, {method, headers: {"X-CSRF-Token": csrf, ...(body === undefined ? {} : {"Content-Type": "application/json"})}, body: body === undefined ? undefined : JSON.stringify(body)});
  const answer = r.status === 204 ? null : await r.json();
  if (!r.ok) { const e = new Error(answer.error + answer.fix); e.status = r.status; throw e; }
  return answer;
}
// runs what a person asked for; what goes wrong is told, never hidden
async function act(f) { try { return await f(); } catch (e) { toast(e instanceof TypeError ? "连不上工作台，请确认程序还在运行。" : e.message, true); return undefined; } }

// a question: resolves to the text (or true) when confirmed, null otherwise
function ask(title, text, {input, must, yes = "确定"} = {}) {
  const d = $("#ask"), field = $("#ask-input");
  $("#ask-title").textContent = title; $("#ask-text").textContent = text; $("#ask-yes").textContent = yes;
  $("#ask-label").hidden = input === undefined; field.value = input || ""; field.required = input !== undefined;
  const check = () => { $("#ask-yes").disabled = must !== undefined && field.value !== must; };
  field.oninput = check; check();
  d.returnValue = "no"; d.showModal();
  if (input !== undefined) field.select();
  return new Promise(done => d.addEventListener("close", () => done(d.returnValue === "yes" ? (input === undefined ? true : field.value) : null), {once: true}));
}
const typing = e => e.target.closest("input,textarea,select,dialog") || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]");
document.addEventListener("keydown", e => { if (e.key === "?" && !typing(e)) $("#help").showModal(); });
document.addEventListener("click", e => {
  if (e.target.closest("[data-help]")) $("#help").showModal();
  if (e.target.closest("[data-logout]")) act(async () => { await fetch("/logout", {method: "POST", headers: {"X-CSRF-Token": csrf}}); location = "/login"; });
});
document.addEventListener("htmx:configRequest", e => { e.detail.headers["X-CSRF-Token"] = csrf; });
document.addEventListener("htmx:responseError", e => { try { const a = JSON.parse(e.detail.xhr.responseText); toast(a.error + a.fix, true); } catch { toast("出错了，请刷新页面。", true); } });

// while a project is read anew every page says so, and takes the new results by itself
const recheck = () => document.body.dispatchEvent(new Event("busy"));
document.addEventListener("htmx:afterSwap", () => {
  const b = $("#busy"), run = b?.dataset.run;
  if (run === undefined || run === document.body.dataset.run) return;
  document.body.dataset.run = run;
  if (dispatchEvent(new Event("results", {cancelable: true}))) htmx.ajax("GET", location.pathname + location.search, {target: "#main", select: "#main", swap: "outerHTML"});
});

// projects
$("#new-project")?.addEventListener("submit", e => { e.preventDefault(); act(async () => { const p = await api("POST", "/projects", {name: e.target.name.value}); location = `/projects/${p.id}/files`; }); });
$(".cards")?.addEventListener("click", e => {
  const li = e.target.closest("li"), {id, name} = li.dataset;
  if (e.target.matches("[data-rename]")) act(async () => { const n = await ask("改名", "", {input: name}); if (n) { await api("PATCH", `/projects/${id}`, {name: n}); location.reload(); } });
  if (e.target.matches("[data-archive]")) act(async () => { await api("PATCH", `/projects/${id}`, {archived: e.target.dataset.archive === "true"}); location.reload(); });
  if (e.target.matches("[data-delete]")) act(async () => {
    const n = await ask("删除项目", `项目的文件、修改和判断都会删除，不能恢复。请输入项目名称“${name}”确认。`, {input: "", must: name, yes: "删除"});
    if (n) { await api("DELETE", `/projects/${id}?name=${encodeURIComponent(n)}`); location.reload(); }
  });
});

// files
const drop = $("#drop");
if (drop) {
  const queue = [];
  let sending = 0;
  const line = file => { const li = document.createElement("li"), s = document.createElement("span"), p = document.createElement("progress"); s.textContent = file.name; p.max = 1; p.value = 0; p.setAttribute("aria-label", "上传 " + file.name); li.append(s, p); $("#sending").append(li); return li; };
  const refresh = () => htmx.ajax("GET", `/projects/${project}/files/list`, {target: "#file-list", swap: "outerHTML"});
  function send(file, li) {
    sending++;
    const x = new XMLHttpRequest();
    x.open("POST", `/api/projects/${project}/uploads?name=${encodeURIComponent(file.name)}`);
    x.setRequestHeader("X-CSRF-Token", csrf);
    x.setRequestHeader("Content-Type", "application/octet-stream");
    x.upload.onprogress = e => { $("progress", li).value = e.loaded / (e.total || 1); };
    x.onloadend = () => {
      sending--;
      if (x.status === 429) { setTimeout(() => { queue.push([file, li]); next(); }, 1000 * (Number(x.getResponseHeader("Retry-After")) || 5)); return; } // too many at once: it comes again
      let a = {}; try { a = JSON.parse(x.responseText); } catch { a = {error: "上传中断。", fix: "请重试。"}; }
      if (x.status === 201) li.remove();
      else {
        $("progress", li).remove();
        const s = $("span", li), b = document.createElement("button");
        if (x.status === 200) { s.textContent = `${file.name}：与已有的“${a.upload.name}”内容相同，不再重复`; b.textContent = "知道了"; b.onclick = () => li.remove(); }
        else { s.textContent = `${file.name}：${a.error || "上传失败。"}${a.fix || ""}`; s.className = "error-text"; b.textContent = "重试"; b.onclick = () => { li.remove(); add([file]); }; const no = document.createElement("button"); no.textContent = "不传了"; no.onclick = () => li.remove(); li.append(no); }
        li.append(b);
      }
      refresh(); next();
    };
    x.send(file);
  }
  function next() { while (sending < 3 && queue.length) send(...queue.shift()); }
  function add(files) { for (const f of files) queue.push([f, line(f)]); next(); }
  async function entries(entry) { // a folder that was dropped, file by file
    if (entry.isFile) return [await new Promise((ok, no) => entry.file(ok, no))];
    const reader = entry.createReader(), out = [];
    for (;;) { const some = await new Promise((ok, no) => reader.readEntries(ok, no)); if (!some.length) break; for (const e of some) if (!e.name.startsWith(".")) out.push(...await entries(e)); }
    return out;
  }
  addEventListener("dragover", e => { e.preventDefault(); drop.classList.add("over"); });
  addEventListener("dragleave", e => { if (!e.relatedTarget) drop.classList.remove("over"); });
  addEventListener("drop", e => {
    e.preventDefault(); drop.classList.remove("over");
    const found = [...e.dataTransfer.items].filter(i => i.kind === "file").map(i => i.webkitGetAsEntry?.() || i.getAsFile());
    act(async () => { for (const x of found) add(x.isFile === undefined ? [x] : await entries(x)); });
  });
  for (const [button, input] of [["#choose", "#files"], ["#choose-folder", "#folder"]]) {
    $(button).addEventListener("click", () => $(input).click());
    $(input).addEventListener("change", e => { add(e.target.files); e.target.value = ""; });
  }
  document.addEventListener("keydown", e => { if (e.key === "u" && !typing(e)) $("#files").click(); });
  addEventListener("beforeunload", e => { if (sending) e.preventDefault(); });
  document.addEventListener("click", e => {
    const t = e.target;
    if (t.matches("[data-read]")) act(async () => { await api("POST", `/projects/${project}/jobs`); refresh(); });
    if (t.matches("[data-cancel]")) act(async () => { await api("POST", `/jobs/${t.dataset.cancel}/cancel`); refresh(); });
    if (t.matches("[data-remove]")) act(async () => { if (await ask("移除文件", `移除“${t.dataset.name}”？它的数据和核查结果会从项目里去掉。`, {yes: "移除"})) { await api("DELETE", `/projects/${project}/uploads/${t.dataset.remove}`); refresh(); } });
  });
}
