// Small improvements only: every page works without this file.
import {
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
} from "govuk-frontend";
import htmx from "htmx.org";

import "./return-form.js";

// The content security policy allows neither inline style nor eval.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.historyCacheSize = 0; // pages hold figures about people: none is kept in the browser's storage
htmx.config.selfRequestsOnly = true;

const components = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
];

function enhance(scope) {
  components.forEach((component) => createAll(component, undefined, { scope }));
}

// What GOV.UK Frontend's own inline script would do; ours allows no inline script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
enhance(document);
htmx.onLoad((element) => {
  if (element !== document.body) enhance(element);
});

// Django wants its token with every htmx request that changes something; the page carries it in <body>.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// What a choice had brought to light, and hides again, is not sent.
document.addEventListener("formdata", ({ target, formData }) => {
  const hidden = ".govuk-checkboxes__conditional--hidden, .govuk-radios__conditional--hidden";
  for (const part of target.querySelectorAll(hidden)) {
    for (const { name } of part.querySelectorAll("[name]")) formData.delete(name);
  }
});

// A form whose answer takes long: its page tells meanwhile how far it is. It is sent by the browser as any other.
const placesOfHowFar = document.querySelectorAll("[data-how-far]");
const PATIENCE = 5 * 60 * 1000; // without news: somebody has stopped it, or the answer was lost
for (const place of placesOfHowFar) {
  let news, waiting;
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => place.replaceChildren(), PATIENCE);
  };
  place.closest("form").addEventListener("submit", () => {
    wait();
    htmx.ajax("GET", place.dataset.howFar, { target: place, swap: "innerHTML" });
  });
  place.addEventListener("htmx:load", () => {
    if (news !== place.textContent) wait();
    news = place.textContent;
  });
}
// Back from the answer, the old page would wait for it for ever. Loading it anew would ask whether to send it again.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const place of placesOfHowFar) place.replaceChildren();
});

// Print buttons appear only where they work.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copying an address: it stands beside the button, to be marked and copied by hand where there is no script.
for (const button of document.querySelectorAll("[data-copy]")) {
  const address = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(address);
    try {
      await navigator.clipboard.writeText(address.textContent);
    } catch {
      document.execCommand("copy"); // a page that is not served by https has no clipboard
    }
    document.querySelector(`[data-copied="${address.id}"]`).textContent = "The link is copied.";
  });
}
