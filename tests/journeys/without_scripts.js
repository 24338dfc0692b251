// Run in a page: what there is to read and to use, and what does nothing where no script runs. See without_scripts.py.
(() => {
  const FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea";
  const SUBMITS = "button:not([type=button], [type=reset]), input[type=submit]";

  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const all = (selector) => [...document.querySelectorAll(selector)];
  // A phone shows the page above this one alone, with scripts and without.
  const isFolded = (element) => element.closest(".govuk-breadcrumbs--collapse-on-mobile");
  const canBeOpened = (element) => element.closest("details:not([open])")?.querySelector(":scope > summary");

  window.scripts = {
    // What people read and use, as sentences that two pages can be compared by.
    inventory: () => [
      ...all("h1, h2, h3, h4, h5, h6").filter(isSeen).map((heading) => `heading “${words(heading)}”`),
      // A script that adds a link to "#" adds a button for what can be typed as well.
      ...all("a[href]:not([href='#'])").filter(isSeen).map((link) => `link “${words(link)}” to ${link.getAttribute("href")}`),
      ...all(FIELDS).filter(isSeen).map((field) => `field ${field.name} (${field.type}, ${field.value})`),
      ...all(SUBMITS).filter(isSeen).map((button) => `button “${words(button) || button.value}”`),
      ...all("summary").filter(isSeen).map((summary) => `to be opened: “${words(summary)}”`),
    ],

    wrong() {
      const wrong = [];
      const say = (elements, sentence) => elements.forEach((element) => wrong.push(`${sentence}: ${named(element)}`));
      say(
        all("button, input[type=button], input[type=reset]").filter(
          (button) => isSeen(button) && !(button.matches(SUBMITS) && button.form),
        ),
        "does nothing",
      );
      say(
        all("a").filter((link) => {
          const to = link.getAttribute("href") ?? "";
          const isLost = to.startsWith("#") && !document.getElementById(decodeURIComponent(to.slice(1)));
          return isSeen(link) && (isLost || to === "" || to.startsWith("javascript:"));
        }),
        "leads nowhere",
      );
      say(
        all("[role=button], [role=tab], [role=menuitem], [role=switch]").filter(
          (element) => isSeen(element) && !element.matches("a[href], button, summary"),
        ),
        "only a script operates",
      );
      say(
        all(`a[href], summary, ${FIELDS}, ${SUBMITS}`).filter(
          // A phone shows the pages of a list as previous and next, which lead to all of them.
          (element) =>
            !isSeen(element) &&
            !canBeOpened(element) &&
            !isFolded(element) &&
            !element.closest(".govuk-pagination__item"),
        ),
        "stays hidden",
      );
      say(all(FIELDS).filter((field) => !field.form), "belongs to no form");
      say(
        all("form").filter((form) => {
          const seen = [...form.elements].filter(isSeen);
          return seen.some((each) => each.matches(FIELDS)) && !seen.some((each) => each.matches(SUBMITS));
        }),
        "cannot be sent",
      );
      say(
        all("[hx-get], [hx-post], [data-hx-get], [data-hx-post]").filter(
          (element) => !element.matches("a[href], form") && !element.querySelector("a[href], form"),
        ),
        "only a script fetches",
      );
      return wrong;
    },
  };
})();
