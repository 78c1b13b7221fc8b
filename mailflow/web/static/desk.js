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
})();
