// The rule workshop while somebody types: findings without saving, rows by keyboard, keys for the place of the cursor.
// Comforts only: every button on the page works without this file.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Parts that take a moment come after the page.
  for (const part of document.querySelectorAll("[data-load]")) {
    fetch(part.dataset.load).then(async (answer) => { if (answer.ok) part.innerHTML = await answer.text(); });
  }

  const found = document.querySelector("#temuan[data-check]");
  if (!found) return;
  const grid = document.querySelector("form[data-grid]"), text = document.getElementById("isi-teks");
  const live = (name) => document.querySelector(`[data-live="${name}"]`);
  const WAIT = 350;
  let timer = 0, asked = 0;

  // ── asking ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  const ask = (form) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = ++asked;
      found.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(found.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
        if (answer.ok && number === asked) show(await answer.json(), form);
      } catch { /* no connection: saving will tell */ }
      if (number === asked) found.removeAttribute("aria-busy");
    }, WAIT);
  };

  const show = (said, form) => {
    const told = live("told");
    told.className = `note ${said.tone}`;
    told.querySelector("p").textContent = said.told;
    live("above").innerHTML = form === grid ? said.above : "";
    if (form === grid) drawGrid(said);
    if (text && form !== grid) { live("text").innerHTML = said.text; drawLines(said.lines); }
  };

  // ── the grid ───────────────────────────────────────────────────────────────────────────────────────────────────────
  const rows = () => [...grid.querySelectorAll("tr[data-row]")];
  const fields = (row) => [...row.querySelectorAll("input, select")];
  const width = grid ? grid.querySelectorAll("thead th").length - 1 : 0;

  const saying = (html, kind) => {
    const row = document.createElement("tr"), empty = document.createElement("td"), cell = document.createElement("td");
    row.className = kind;
    cell.colSpan = width;
    cell.innerHTML = html;
    row.append(empty, cell);
    return row;
  };

  const drawGrid = (said) => {
    grid.querySelectorAll("tr.said-row").forEach((row) => row.remove());
    const body = grid.querySelector("tbody"), all = rows(), bad = new Set(said.bad);
    all.forEach((row, number) => {
      row.className = number in said.rows ? `marked ${said.tones[number]}` : "";
      fields(row).forEach((field, column) => {
        const wrong = bad.has(`${number}-${column}`);
        field.closest("td").classList.toggle("bad", wrong);
        if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
      });
      if (number in said.rows) row.after(saying(said.rows[number], `marked ${said.tones[number]} said-row`));
      if (number in said.gaps) row.before(saying(said.gaps[number], "gap-row said-row"));
    });
    if (all.length in said.gaps) body.append(saying(said.gaps[all.length], "gap-row said-row"));
    if (said.table) body.prepend(saying(said.table, "marked said-row"));
  };

  const renumber = () => {
    const label = grid.querySelector("tbody").dataset.label;
    const heads = [...grid.querySelectorAll("thead th code")].map((one) => one.textContent);
    rows().forEach((row, number) => {
      row.querySelector("th").textContent = number + 1;
      fields(row).forEach((field, column) => {
        field.name = `s${number}-${column}`;
        field.setAttribute("aria-label", label.replace("{c}", heads[column]).replace("{n}", number + 1));
        field.removeAttribute("aria-describedby");
      });
      row.querySelectorAll("button[name=aksi]").forEach((button) => {
        button.value = button.value.replace(/\d+$/, number);
        button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/\d+/, number + 1));
      });
    });
    grid.querySelector("input[name=baris]").value = rows().length;
    ask(grid);
  };

  const act = (name, row, column) => {
    const all = rows(), number = all.indexOf(row);
    grid.querySelectorAll("tr.said-row").forEach((one) => one.remove());
    let next = row;
    if (name === "naik" && number > 0) all[number - 1].before(row);
    if (name === "turun" && number < all.length - 1) all[number + 1].after(row);
    if (name === "hapus" && all.length > 1) { next = all[number + 1] || all[number - 1]; row.remove(); }
    else if (name === "hapus") fields(row).forEach((field) => { field.value = ""; });
    if (name === "tambah") {
      next = row.cloneNode(true);
      next.className = "";
      fields(next).forEach((field) => {
        if (field.tagName === "SELECT" && field.value !== "") field.prepend(new Option("", "", true, true));
        field.value = "";
        field.removeAttribute("aria-invalid");
      });
      next.querySelectorAll("td.bad").forEach((cell) => cell.classList.remove("bad"));
      row.after(next);
    }
    renumber();
    fields(next)[column]?.focus();
  };

  if (grid) {
    grid.addEventListener("input", () => ask(grid));
    grid.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=aksi]");
      if (!button || button.value === "periksa") return;
      event.preventDefault();
      act(button.value.split("-")[0], button.closest("tr"), 0);
    });
    grid.querySelector("button[value=periksa]").addEventListener("click", (event) => { event.preventDefault(); ask(grid); });
    grid.addEventListener("keydown", (event) => {
      const row = event.target.closest("tr[data-row]");
      if (!row || event.target.tagName === "BUTTON") return;
      const column = fields(row).indexOf(event.target), all = rows(), number = all.indexOf(row);
      if (event.altKey) {
        const name = { ArrowUp: "naik", ArrowDown: "turun", Enter: "tambah", Delete: "hapus" }[event.key];
        if (name) { event.preventDefault(); act(name, row, column); }
        return;
      }
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step && event.target.tagName === "INPUT" && all[number + step]) {
        event.preventDefault();
        fields(all[number + step])[column].focus();
      }
    });
  }

  // ── the text ───────────────────────────────────────────────────────────────────────────────────────────────────────
  if (!text) return;
  const gutter = document.createElement("div");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true");
  text.before(gutter);
  let marks = {};
  const drawLines = (lines) => {
    if (lines) marks = lines;
    const count = text.value.split("\n").length;
    while (gutter.children.length < count) gutter.append(document.createElement("span"));
    while (gutter.children.length > count) gutter.lastChild.remove();
    [...gutter.children].forEach((one, index) => { one.textContent = index + 1; one.className = marks[index + 1] || ""; });
    gutter.scrollTop = text.scrollTop;
  };
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  const form = text.closest("form");
  text.addEventListener("input", () => { drawLines(); ask(form); });
  form.querySelector("button[value=periksa]").addEventListener("click", (event) => { event.preventDefault(); ask(form); });
  drawLines();

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = text.value.split("\n"), line = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(start + Math.max(0, Number(link.dataset.column) - 1), start + lines[line - 1].length);
    text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
    text.scrollIntoView({ block: "nearest" });
  });

  // ── keys for the place of the cursor ───────────────────────────────────────────────────────────────────────────────
  const groups = [...document.querySelectorAll("details.keys")];
  if (!groups.length) return;
  const pathAt = () => {
    const before = text.value.slice(0, text.selectionStart).split("\n"), line = before.pop(), path = [];
    const rest = text.value.slice(text.selectionStart).split("\n")[0];
    const lead = (one) => one.match(/^[\s-]*/)[0].length;
    let level = (line + rest).trim() ? lead(line + rest) : line.length;
    for (let index = before.length - 1; index >= 0 && level > 0; index--) {
      const one = before[index], key = one.match(/^([\s-]*)([\w]+):\s*(#.*|[>|][-+]?)?$/);
      if (key && key[1].length < level) { path.unshift(key[2]); level = key[1].length; }
    }
    let open = line, depth = [];
    for (const part of open.matchAll(/([\w]+):\s*\[?\s*(?=\{)|\{|\}/g)) {
      if (part[0] === "}") depth.pop();
      else if (part[0] === "{") { if (!depth.length || depth[depth.length - 1].taken) depth.push({ key: "", taken: true }); else depth[depth.length - 1].taken = true; }
      else depth.push({ key: part[1], taken: false });
    }
    return [...path, ...depth.map((one) => one.key).filter(Boolean)];
  };
  const fits = (pattern, path) => {
    const parts = pattern ? pattern.split(".") : [];
    return parts.length === path.length && parts.every((part, index) => part === "*" || part === path[index]);
  };
  const follow = () => {
    for (let path = pathAt(); ; path = path.slice(0, -1)) {
      const here = groups.find((one) => fits(one.dataset.path, path));
      if (here || !path.length) {
        groups.forEach((one) => { one.open = one === here; });
        if (here) here.parentElement.scrollTop = here.offsetTop - here.parentElement.offsetTop;
        return;
      }
    }
  };
  for (const name of ["click", "keyup", "focus"]) text.addEventListener(name, follow);
  document.addEventListener("click", (event) => {
    const key = event.target.closest("button.key");
    if (!key) return;
    text.focus();
    text.setRangeText(`${key.dataset.key}: `, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
