// The return form: what each table adds up to, as it is typed. Without this file the server says so after each save.

const HEADLINES = { first_seen: ["new_people", "known_people"], already_counted: ["already_counted_people"] };

function number(input) {
  const text = input ? input.value.replace(/[\s,]/g, "") : "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function target(form, seen) {
  const parts = HEADLINES[seen].map((name) => number(form.elements[name]));
  return parts.includes(null) ? null : parts.reduce((sum, part) => sum + part, 0);
}

function show(form, output) {
  const cells = [...form.querySelectorAll(`[data-adds="${output.dataset.sum}"]`)];
  const found = cells.reduce((sum, cell) => sum + (number(cell) ?? 0), 0);
  const wanted = target(form, output.dataset.seen);
  const reached = wanted !== null && found === wanted && found > 0;
  const said = (value) => value.toLocaleString("en-GB");
  const words = wanted === null ? `${said(found)} so far` : `${said(found)} of ${said(wanted)}${reached ? " ✓" : ""}`;
  if (output.textContent !== words) output.textContent = words;
}

for (const form of document.querySelectorAll("[data-return-form]")) {
  const outputs = [...form.querySelectorAll("output[data-sum]")];
  form.addEventListener("input", () => outputs.forEach((output) => show(form, output)));
}
