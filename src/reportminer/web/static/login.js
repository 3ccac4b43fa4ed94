"use strict";
document.querySelector("#login").addEventListener("submit", async e => {
  e.preventDefault();
  const why = document.querySelector("#why");
  try {
    const r = await fetch("/login", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(Object.fromEntries(new FormData(e.target)))});
    if (r.ok) { location = "/"; return; }
    const a = await r.json(); why.textContent = a.error + a.fix;
  } catch { why.textContent = "连不上工作台，请稍后再试。"; }
});
