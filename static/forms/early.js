// Runs in the head before anything else. A classic script, because modules wait for the whole page.
//
// `early.touched` has the fields that somebody has really edited. A browser that shows a page again
// (Back, a reload, a restored or duplicated tab) refills its fields, and that is no edit: such
// fields are put back to what the page says, which is what stands. What was typed there before is
// in the outbox or in a draft.
//
// Until every module of the page has run, forms and links that drop a draft are held, because modules
// guard them.

(() => {
  const FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea";

  const touched = new WeakSet();
  /** `isHoldingText` is set by drafts.js: whether the page has text that is kept nowhere else. */
  window.early = { touched, isHoldingText: () => false };

  function learn(event) {
    const field = event.target;
    if (!field.matches?.(FIELDS)) return;
    if (!isRefill(event)) {
      for (const one of withItsGroup(field)) touched.add(one);
    } else if (showsWhatStands(field.form)) {
      event.stopImmediatePropagation();
      for (const one of withItsGroup(field)) putBack(one);
      field.dispatchEvent(new Event("refilled", { bubbles: true }));
    }
  }
  for (const type of ["input", "change", "click"]) addEventListener(type, learn, true);

  /** Firefox tells of what it refills in a restored tab as if it were typed, with no act of anybody. */
  function isRefill({ type, isTrusted, target, inputType }) {
    const isActive = navigator.userActivation?.hasBeenActive ?? true;
    const isAct = type === "click" || inputType || isActive || target === document.activeElement;
    return isTrusted && !isAct;
  }

  /** Radios that exclude each other are edited together. */
  function withItsGroup(field) {
    if (field.type !== "radio" || !field.form) return [field];
    const isInGroup = ({ type, name }) => type === "radio" && name === field.name;
    return [...field.form.elements].filter(isInGroup);
  }

  /** Not a search, which may show anything, nor a password, which browsers fill in before sign-in. */
  function showsWhatStands(form) {
    return form?.getAttribute("method") === "post" && !form.querySelector("[type=password]");
  }

  function putBack(field) {
    if (["checkbox", "radio"].includes(field.type)) {
      field.checked = field.defaultChecked;
    } else if (field.localName === "select") {
      for (const option of field.options) option.selected = option.defaultSelected;
    } else if (field.type === "file") {
      field.value = "";
    } else if (field.value !== field.defaultValue) {
      field.value = field.defaultValue;
    }
  }

  // The page is read; Firefox and WebKit have refilled it. Chromium does so later, after modules have
  // run, but not what says that it is not to be completed. No module has run yet.
  document.addEventListener(
    "readystatechange",
    () => {
      for (const form of [...document.forms].filter(showsWhatStands)) {
        form.autocomplete = "off";
        const fields = [...form.elements].filter((element) => element.matches(FIELDS));
        for (const field of fields) if (!touched.has(field)) putBack(field);
      }
    },
    { once: true },
  );

  let isHolding = true;
  let again = null;
  function hold(event, repeat) {
    if (!isHolding) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    again ??= repeat;
  }
  addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      if (form.getAttribute("method") !== "post") return;
      hold(event, () => form.requestSubmit(submitter));
    },
    true,
  );
  addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[data-drops-draft]");
      if (link) hold(event, () => link.click());
    },
    true,
  );
  // Every module has run, or was not to be had.
  document.addEventListener("DOMContentLoaded", () => {
    isHolding = false;
    again?.();
  });

  // The browser had kept this page while another was shown.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && !window.early.isHoldingText()) location.reload();
  });
})();
