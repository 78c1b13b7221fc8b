/* What the pages do more with JavaScript; without it every link, form and page works as well. */
"use strict";
(() => {
  // A line of their document and its place on the page are shown together.
  const light = (target, on) => {
    const holder = target instanceof Element && target.closest("[data-line]");
    if (!holder) return;
    for (const no of holder.getAttribute("data-line").split(" ").filter(Boolean))
      for (const one of document.querySelectorAll(`[data-line~="${no}"]`)) one.classList.toggle("lit", on);
  };
  document.addEventListener("pointerover", (event) => light(event.target, true));
  document.addEventListener("pointerout", (event) => light(event.target, false));
  document.addEventListener("focusin", (event) => light(event.target, true));
  document.addEventListener("focusout", (event) => light(event.target, false));

  // What is ticked on both sides, added up exactly: whole numbers of the smallest unit, never floats.
  const places = (text) => (text.split(".")[1] || "").length;
  for (const form of document.querySelectorAll("form[data-sums]")) {
    const boxes = [...form.querySelectorAll("input[data-amount]")];
    const line = form.querySelector(".sums");
    if (!line) continue;
    const most = Math.max(0, ...boxes.map((box) => places(box.dataset.amount)));
    const units = (text) => BigInt(text.replace(".", "") + "0".repeat(most - places(text)));
    const written = (value) => {
      const digits = String(value < 0n ? -value : value).padStart(most + 1, "0");
      const whole = digits.slice(0, digits.length - most).replace(/\B(?=(\d{3})+$)/g, ",");
      return (value < 0n ? "-" : "") + whole + (most ? "." + digits.slice(digits.length - most) : "");
    };
    const add = () => {
      const sums = { ours: 0n, theirs: 0n };
      for (const box of boxes) if (box.checked) sums[box.name] += units(box.dataset.amount);
      const all = { ...sums, difference: sums.theirs - sums.ours };
      for (const [name, value] of Object.entries(all)) line.querySelector(`[data-sum="${name}"]`).textContent = written(value);
      line.hidden = !boxes.some((box) => box.checked);
    };
    form.addEventListener("change", add);
    add();
  }

  // Keys of one letter: only where nobody types, only while they are switched on.
  const cards = [...document.querySelectorAll("[data-card]")];
  const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
  const hint = document.querySelector(".keys");
  if (hint) {
    const show = () => {
      hint.querySelector("[data-keys-off]").hidden = off();
      hint.querySelector("[data-keys-on]").hidden = !off();
    };
    const set = (value) => { try { localStorage.setItem("keys", value); } catch { /* private window */ } show(); };
    hint.querySelector("[data-keys-off]").addEventListener("click", () => set("off"));
    hint.querySelector("[data-keys-on]").addEventListener("click", () => set("on"));
    hint.hidden = !cards.length;
    show();
  }
  const marked = () => cards.findIndex((card) => card.contains(document.activeElement));
  const go = (place) => {
    const card = cards[Math.max(0, Math.min(cards.length - 1, place))];
    if (card) { card.querySelector("[data-open]").focus(); card.scrollIntoView({ block: "nearest" }); }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off()) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    const place = marked();
    if (event.key === "/") document.querySelector('input[name="q"]')?.focus();
    else if (event.key === "u") document.querySelector('[data-key="u"]')?.click();
    else if (event.key === "n" || event.key === "p") {
      const way = document.querySelector(`[data-page="${event.key === "n" ? "next" : "previous"}"]`);
      if (!way) return;
      way.click();
    } else if (event.key === "r") {
      const way = document.querySelector('[data-live]:not([hidden]) [data-key="r"]');
      if (!way) return;
      way.click();
    } else if (event.key === "j" && cards.length) go(place + 1);
    else if (event.key === "k" && cards.length) go(place < 0 ? 0 : place - 1);
    else if (/^[1-9]$/.test(event.key) && place >= 0) {
      const button = cards[place].querySelectorAll(".quick button, .quick a")[Number(event.key) - 1];
      if (!button) return;
      button.click();
    } else return;
    event.preventDefault();
  });
  for (const card of cards)
    card.querySelectorAll(".quick button, .quick a").forEach((button, place) => {
      if (place < 9) { button.dataset.no = String(place + 1); button.setAttribute("aria-keyshortcuts", String(place + 1)); }
    });

  // Something happened: told quietly, in a place of its own; the page changes only when its reader asks for it.
  const notice = document.querySelector("[data-live]");
  if (notice && "EventSource" in window) {
    const words = notice.querySelector("span");
    const show = (text) => { words.textContent = text; notice.hidden = false; };
    let first = null;
    let source = null;
    const grown = (now) => ["message", "task"].reduce((sum, name) => sum + Math.max(0, now[name] - first[name]), 0);
    const told = (event) => {
      const now = JSON.parse(event.data);
      first = first || now; // of this page: what came while the line was down is counted when it is back
      const count = grown(now);
      if (count > 0) show(notice.dataset.new.replace("{n}", String(count)));
    };
    const listen = () => {
      if (source || document.hidden) return;
      source = new EventSource("/live");
      source.addEventListener("hello", told);
      source.addEventListener("changed", told);
      source.addEventListener("signed-out", () => { source.close(); show(notice.dataset.out); });
    };
    // A page in the background holds no connection open; a server has only so many.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) return listen();
      if (source) source.close();
      source = null;
    });
    window.addEventListener("pagehide", () => { if (source) source.close(); source = null; });
    window.addEventListener("pageshow", listen);
    listen();
  }

  // A file may be dropped anywhere in the frame around its field; beside it, the browser would open it and leave.
  for (const frame of document.querySelectorAll(".drop")) {
    const field = frame.querySelector("input[type=file]");
    frame.addEventListener("dragover", (event) => event.preventDefault());
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }
})();
