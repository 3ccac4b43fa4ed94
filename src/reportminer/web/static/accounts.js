"use strict";
// accounts: add, role, password, lock; one's own password
$("#new-account")?.addEventListener("submit", e => { e.preventDefault(); act(async () => { await api("POST", "/accounts", Object.fromEntries(new FormData(e.target))); location.reload(); }); });
$("#accounts")?.addEventListener("change", e => act(async () => {
  const tr = e.target.closest("tr"), {id, name, role} = tr.dataset, title = e.target.selectedOptions[0].textContent;
  const sure = await ask("改变权限", `把“${name}”的权限改为“${title}”？立即生效。`, {yes: "改变"});
  try { if (sure) { await api("PATCH", `/accounts/${id}`, {role: e.target.value}); tr.dataset.role = e.target.value; toast("已改变。"); } } finally { e.target.value = tr.dataset.role; }
}));
$("#accounts")?.addEventListener("click", e => {
  const tr = e.target.closest("tr"), {id, name} = tr ? tr.dataset : {};
  if (e.target.matches("[data-lock]")) act(async () => {
    const lock = e.target.dataset.lock === "true";
    if (lock && !await ask("停用账号", `停用“${name}”？他会立即退出，不能再登录；他做过的都保留。`, {yes: "停用"})) return;
    await api("PATCH", `/accounts/${id}`, {locked: lock}); location.reload();
  });
  if (e.target.matches("[data-password]")) {
    const d = $("#reset"), field = $("#reset-input");
    $("#reset-text").textContent = `给“${name}”一个新密码，至少 8 个字符。他在各处的登录都会失效。`;
    field.value = ""; d.returnValue = "no"; d.showModal();
    d.addEventListener("close", () => { if (d.returnValue === "yes") act(async () => { await api("PUT", `/accounts/${id}/password`, {password: field.value}); toast("已重设，请告诉本人。"); }).finally(() => { field.value = ""; }); }, {once: true});
  }
});
$("#own-password")?.addEventListener("submit", e => {
  e.preventDefault();
  const f = e.target;
  if (f.new.value !== f.again.value) { toast("两次输入的新密码不同。", true); return; }
  act(async () => { await api("PUT", "/me/password", {old: f.old.value, new: f.new.value}); f.reset(); toast("密码已修改。"); });
});
