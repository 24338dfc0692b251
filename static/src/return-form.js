// The return form: what is typed adds up as it is typed, and is saved by itself. Without this file the server says so
// after each save, and the buttons save.

const SAVE_AFTER = 1200; // ms without a key
const RETRY_AFTER = 5000;
const ANSWER_WITHIN = 20000; // a connection that says nothing for so long is cut
const NOT_YOURS = "This return is no longer yours to fill in. Copy what you typed, and load the page again.";
const ANOTHER_IS_HERE =
  "Somebody else is signed in in this browser now, so nothing more is saved. Copy what you typed, and sign in again.";
const KEPT = "vru-return:"; // numbers that could not be saved, in this tab alone; words never

// ---- Sums ----
function number(input) {
  const typed = input ? input.value.replace(/[\s£]/g, "") : "";
  const text = /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(typed) ? typed.replaceAll(",", "") : typed;
  return /^\d{1,12}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}

// A sum is not said while what is typed in one of its boxes is no number.
const NOT_YET = "–";
const isTyped = (input) => Boolean(input?.value.trim());
const isWrong = (input) => isTyped(input) && number(input) === null;

const said = (value) => value.toLocaleString("en-GB");

function show(form, output) {
  const cells = [...form.querySelectorAll(`[data-adds="${output.dataset.sum}"]`)];
  const found = cells.reduce((sum, cell) => sum + (number(cell) ?? 0), 0);
  const target = form.getAttribute(`data-target-${output.dataset.seen}`);
  const reached = target !== null && found === Number(target) && found > 0;
  const words = cells.some(isWrong)
    ? NOT_YET
    : output.dataset.seen === undefined
      ? said(found)
      : target === null
        ? `${said(found)} so far`
        : `${said(found)} of ${said(Number(target))}${reached ? " ✓" : ""}`;
  if (output.textContent !== words) output.textContent = words;
}

function showPeople(form) {
  const output = form.querySelector("output[data-people]");
  if (!output) return;
  const boxes = ["new_people", "known_people", "already_counted_people"].map((name) => form.elements[name]);
  const people = boxes.map((box) => number(box) ?? 0);
  const isWhole = !boxes.some(isWrong) && people.every(Number.isInteger);
  output.textContent = isWhole ? said(people.reduce((sum, part) => sum + part, 0)) : NOT_YET;
}

// ---- Saving by itself ----
class Saving {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saving]");
    this.opened = JSON.parse(form.elements.opened.value || "{}");
    this.key = KEPT + this.whose(form) + form.dataset.save + form.getAttribute("action");
    this.held = new Map();
    this.lost = new Map(); // what somebody else has typed in the meantime, by field
    this.leaving = false;
    this.savedAt = null;
    this.bringBack();
    form.addEventListener("input", () => {
      this.touched = true; // what stands in a box from last month is saved with the first key, not by looking at it
      this.later(SAVE_AFTER);
    });
    form.addEventListener("submit", () => (this.leaving = true));
    window.addEventListener("online", () => this.now());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && Object.keys(this.changed()).length) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.now());
    setInterval(() => this.tell(), 1000);
  }

  fields() {
    return [...this.form.elements].filter(
      (field) => field.name && !["hidden", "submit", "button"].includes(field.type),
    );
  }

  changed() {
    const found = {};
    if (!this.touched) return found;
    for (const { name, value } of this.fields()) {
      const text = value.trim();
      if (text !== (this.opened[name] ?? "") && this.held.get(name) !== text && !this.lost.has(name)) found[name] = text;
    }
    return found;
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), delay);
    this.tell();
  }

  async now() {
    const typed = this.changed();
    if (this.busy || !Object.keys(typed).length) return this.tell();
    const opened = Object.fromEntries(Object.keys(typed).map((name) => [name, this.opened[name] ?? ""]));
    this.busy = true;
    this.tell();
    try {
      this.read(await this.send({ typed, opened }), typed);
    } catch {
      this.problem = "No connection: not saved yet. It is kept here and saved as soon as there is one.";
      this.keep();
      this.later(RETRY_AFTER);
    } finally {
      this.busy = false;
      this.tell();
    }
    if (!this.problem && Object.keys(this.changed()).length) this.later(SAVE_AFTER);
  }

  async send(body) {
    const ask = () => {
      const cut = new AbortController();
      const timer = setTimeout(() => cut.abort(), ANSWER_WITHIN);
      return fetch(this.form.dataset.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify(body),
        signal: cut.signal,
      }).finally(() => clearTimeout(timer));
    };
    let answer = await ask();
    if (answer.redirected || answer.status === 403) {
      const page = await fetch(window.location.href);
      if (new URL(page.url).pathname.startsWith("/accounts/")) return { signedOut: true };
      const form = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-return-form]");
      if (!form) return { problem: NOT_YOURS };
      if (this.whose(form) !== this.whose(this.form)) return { problem: ANOTHER_IS_HERE };
      // After signing in again, in another tab perhaps, the page's token is another one.
      this.form.elements.csrfmiddlewaretoken.value = form.elements.csrfmiddlewaretoken.value;
      answer = await ask();
    }
    if (answer.redirected) return { signedOut: true };
    if (answer.status >= 500) throw new Error(answer.status);
    if (!answer.headers.get("Content-Type").startsWith("application/json")) return { problem: NOT_YOURS };
    return answer.json();
  }

  // Who opened a form: what they typed stays theirs where somebody else signs in in this browser.
  whose(form) {
    return form.elements.whose_form.value;
  }

  read(answer, typed) {
    if (answer.signedOut) {
      this.problem =
        "You are signed out: not saved yet. Sign in again in another tab and come back here; or press Save, and sign in then.";
      this.keep();
      return this.later(RETRY_AFTER);
    }
    if (answer.problem) {
      this.problem = `Not saved. ${answer.problem}`;
      return;
    }
    this.problem = "";
    for (const [name, text] of Object.entries(typed)) {
      if (name in answer.held) this.held.set(name, text);
      else if (name in answer.differing) this.lost.set(name, answer.differing[name]);
      else {
        this.opened[name] = text;
        this.held.delete(name);
      }
    }
    // For the button: what the server holds now, so that it is told from what was changed here since.
    this.form.elements.opened.value = JSON.stringify(this.opened);
    this.byWhom = answer.by_whom || this.byWhom;
    this.sentence = Object.values(answer.held)[0] ?? "";
    this.savedAt = Date.now();
    this.forget();
  }

  label(name) {
    const field = this.form.elements[name];
    return field.labels?.[0]?.textContent.trim() ?? name;
  }

  tell() {
    const waiting = Object.keys(this.changed()).length > 0;
    let words = "";
    if (this.problem) words = this.problem;
    else if (this.held.size)
      words = `Not saved: ${[...this.held.keys()].map((name) => this.label(name)).join(", ")}. ${this.sentence}`;
    else if (this.lost.size)
      words = `${this.byWhom} ${[...this.lost].map(([name, theirs]) => `${this.label(name)}: ${theirs || "empty"}`).join("; ")}. What stands here is not saved; press Save to compare.`;
    else if (this.busy || waiting) words = "Saving…";
    else if (this.savedAt) words = "Saved";
    this.line.classList.toggle("app-saving--problem", Boolean(this.problem || this.held.size || this.lost.size));
    this.line.hidden = !words;
    // The time runs on beside the words, unheard.
    const [status, time] = this.line.children;
    if (status.textContent !== words) status.textContent = words;
    time.textContent = words === "Saved" ? ` ${ago(Date.now() - this.savedAt)}` : "";
  }

  // ---- What could not be saved, over a reload of this tab ----
  keep() {
    const numbers = Object.entries(this.changed()).filter(([, text]) => /^[\d\s,.]{0,12}$/.test(text));
    try {
      sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(numbers)));
    } catch {
      // No storage: the page itself still holds it.
    }
  }

  bringBack() {
    let kept = {};
    try {
      kept = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    } catch {
      return;
    }
    for (const [name, text] of Object.entries(kept)) {
      const field = this.form.elements[name];
      if (field && field.value.trim() === (this.opened[name] ?? "")) field.value = text;
    }
    if (!Object.keys(kept).length) return;
    this.touched = true;
    this.later(0);
  }

  forget() {
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }
}

function ago(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} seconds ago`;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
}

for (const form of document.querySelectorAll("[data-return-form]")) {
  const outputs = [...form.querySelectorAll("output[data-sum]")];
  const sums = () => {
    outputs.forEach((output) => show(form, output));
    showPeople(form);
  };
  if (form.querySelector("[data-saving]")) new Saving(form);
  form.addEventListener("input", sums);
  sums();
}
