// Fills copies of the page's <template>s, so that all texts come from the server.
//
//   data-text="name"        the element's text is this value; its own stays where that is empty
//   data-attr="href:name"   an attribute is this value; several are separated by spaces
//   data-if="name"          the element goes unless the value is there; also "!name", "name=text"
//   data-click="name"       what a press of the button does

/** The content of the template `id`, with `values` and `actions` filled in. */
export function fill(id, values = {}, actions = {}) {
  const copy = document.getElementById(id).content.cloneNode(true);
  const all = (name) => copy.querySelectorAll(`[data-${name}]`);
  for (const element of all("if")) if (!holds(element.dataset.if, values)) element.remove();
  for (const element of all("text")) {
    const value = values[element.dataset.text];
    if (value || value === 0) element.textContent = value;
  }
  for (const element of all("attr")) {
    for (const pair of element.dataset.attr.split(" ")) {
      const [attribute, name] = pair.split(":");
      element.setAttribute(attribute, values[name]);
    }
  }
  for (const button of all("click")) {
    button.addEventListener("click", actions[button.dataset.click]);
  }
  return copy;
}

/** Whether `condition`, the value of a data-if, is met. */
export function holds(condition, values) {
  const [, not, name, text] = condition.match(/^(!?)(\w+)(?:=(.*))?$/);
  const isSo = text === undefined ? Boolean(values[name]) : String(values[name]) === text;
  return isSo !== Boolean(not);
}

/** The template `id`, filled in, as plain text. */
export function textOf(id, values) {
  return plain(fill(id, values).textContent);
}

export const plain = (text) => text.replace(/\s+/g, " ").trim();
