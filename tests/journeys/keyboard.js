// Run in a page: what Tab has to reach, and what each stop looks like. See keyboard.py.
(() => {
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]";

  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  // Of radio buttons with one name Tab reaches the chosen one, or else the first.
  function isStopOfGroup(element) {
    if (element.type !== "radio" || !element.name) return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`)].filter(
      (other) => other.form === element.form && !other.disabled,
    );
    return element === (group.find((other) => other.checked) ?? group[0]);
  }

  function stops() {
    return [...document.querySelectorAll(INTERACTIVE)].filter(
      (element) =>
        element.getAttribute("tabindex") !== "-1" &&
        !element.matches(":disabled") &&
        !element.closest("[inert]") &&
        isSeen(element) &&
        isStopOfGroup(element),
    );
  }

  // Outline, shadow, ground and border: of the element, of what draws it beside it (a radio button) or in it (a chart).
  function look(element) {
    const drawn = (style) => [
      style.outlineStyle === "none" ? "" : style.outline,
      style.boxShadow,
      style.backgroundColor,
      style.border,
      style.fill,
      style.stroke,
    ];
    const parts = [[element], [element.nextElementSibling, "::before"], [element.firstElementChild]];
    return JSON.stringify(parts.map(([part, pseudo]) => part && drawn(getComputedStyle(part, pseudo))));
  }

  function isInWindow(element) {
    return [...element.getClientRects()].some(
      (box) =>
        box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    );
  }

  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);

  // Whatever has the focus when a page opens, Tab begins at its top.
  function toTheTop() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
  }

  const walk = { reached: [], unseen: [] };
  window.keyboard = {
    begin() {
      toTheTop();
      const expected = stops();
      const before = new Map(expected.map((element) => [element, look(element)]));
      document.addEventListener("focusin", ({ target }) => {
        walk.reached.push(target);
        if (!isInWindow(target)) walk.unseen.push([target, "is out of sight"]);
        else if (look(target) === before.get(target)) walk.unseen.push([target, "looks as it did without"]);
      });
      walk.expected = expected;
      return expected.length;
    },

    // After one Tab for each stop.
    wrong() {
      const { expected, reached, unseen } = walk;
      const wrong = unseen.map(([element, words]) => `with the focus, ${named(element)} ${words}`);
      const at = expected.findIndex((element, number) => element !== reached[number]);
      if (at >= 0) {
        const instead = reached[at] ? named(reached[at]) : "nothing";
        wrong.push(`Tab ${at + 1} should reach ${named(expected[at])} and reaches ${instead}`);
      }
      for (const element of expected.filter(({ tabIndex }) => tabIndex > 0)) {
        wrong.push(`${named(element)} has an order of its own`);
      }
      for (const element of document.querySelectorAll("body *")) {
        const { overflowX, overflowY } = getComputedStyle(element);
        const scrolls =
          (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth) ||
          (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight);
        if (scrolls && isSeen(element) && !expected.includes(element)) wrong.push(`no key scrolls ${named(element)}`);
      }
      return wrong;
    },

    // One Tab after the last stop the focus has left the page, or is at its top again.
    isTrapped() {
      const active = document.activeElement;
      return active !== document.body && active !== document.documentElement && active !== walk.expected[0];
    },

    toTheTop,

    // Where the first link leads that stays on the page.
    skipLink() {
      const [first] = stops();
      return first?.matches("a[href^='#']") ? first.hash.slice(1) : "";
    },

    // After Tab, Enter and Tab.
    hasSkippedTo(id) {
      const target = document.getElementById(id);
      const all = stops();
      const next = all.find(
        (element) => target && target.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      const active = document.activeElement;
      return next ? active === next : target && (active === document.body || active === all[0]);
    },
  };
})();
