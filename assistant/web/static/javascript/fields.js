// @ts-check
// What a form holds now, and what it held when the page came.

import { element } from "./notice.js";
import { words } from "./state.js";



/** @param {Field} field */
const isField = ({ name, type }) => name && !["hidden", "submit", "button"].includes(type);

/** @param {Iterable<Element>} elements */
const fieldsAmong = (elements) => /** @type {Field[]} */ ([...elements]).filter(isField);

/** @param {Element} part */
export const fieldsIn = (part) => fieldsAmong([part, ...part.querySelectorAll("input, textarea, select")]);

/** @param {Field} field @returns {string} */
function valueOf(field, now = true) {
  const isTicked = field[now ? "checked" : "defaultChecked"];
  if (["checkbox", "radio"].includes(field.type)) return isTicked ? field.value : "";
  if (!field.options || now) return field[now ? "value" : "defaultValue"];
  return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
}

/** @param {Field} field */
export const isChanged = (field) => valueOf(field) !== valueOf(field, false);

/** @param {HTMLFormElement} form */
export function contentOf(form, now = true) {
  const content = fieldsAmong(form.elements).map((field) => [field.name, valueOf(field, now)]);
  return JSON.stringify(content.filter(([, value]) => value.trim()));
}

/** What is stored nowhere but on this page. @param {ParentNode} part */
export function typedIn(part) {
  const fields = [...part.querySelectorAll("textarea:not([readonly])")];
  const isTyped = (/** @type {Field} */ field) => field.form?.hasAttribute("data-kept") || isChanged(field);
  return fields.filter((field) => field.value.trim() && isTyped(field)).map((field) => field.value);
}

/** Say at once that it is more than an answer holds. It can be sent all the same. @param {Field} field */
export function checkLength(field) {
  if (field.localName !== "textarea") return;
  const limit = Number(field.dataset.limit ?? words.limit);
  // counted as the server counts: characters, not the halves some of them are stored in
  const length = field.value.length > limit ? [...field.value].length : 0;
  const next = field.nextElementSibling;
  let warning = next?.matches(".over") ? /** @type {HTMLElement} */ (next) : null;
  if (length <= limit) {
    if (!warning) return;
    if (warning.dataset.was) field.setAttribute("aria-describedby", warning.dataset.was);
    else field.removeAttribute("aria-describedby");
    return warning.remove();
  }
  if (!warning) {
    const was = field.getAttribute("aria-describedby") ?? "";
    warning = Object.assign(element("p", "over"), { id: `${field.id}-over` });
    warning.setAttribute("role", "status");
    warning.dataset.was = was;
    field.after(warning);
    field.setAttribute("aria-describedby", `${was} ${warning.id}`.trim());
  }
  // not every browser knows nynorsk; it writes numbers as bokmål does
  const { format } = new Intl.NumberFormat([document.documentElement.lang, "nb"]);
  const textContent = words.tooLong.replace("{length}", format(length)).replace("{limit}", format(limit));
  setTimeout(Object.assign, 50, warning, { textContent }); // a moment later, so that it is read out
}
