// @ts-check
// One calm line at the foot of the screen, and text that has no other place.

import { byId, words } from "./state.js";

const bar = element("div", "notice no-print");
bar.setAttribute("role", "status");
document.querySelector("footer").before(bar);

/** @param {string} tag */
export function element(tag, className = "", textContent = "") {
  return Object.assign(document.createElement(tag), { className, textContent });
}

/** @param {string} label @param {() => unknown} act */
export function button(label, act, className = "") {
  const made = Object.assign(element("button", className, label), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

/** @param {string} sentence */
export const isNoticed = (sentence) => bar.firstChild?.textContent === sentence;

/** Where there is something to press, that too. @param {string} [label] @param {() => unknown} [act] */
export function notice(sentence = "", label, act) {
  if (!sentence) return bar.replaceChildren();
  if (isNoticed(sentence)) return;
  bar.replaceChildren(element("p", "", sentence));
  if (label && act) bar.append(button(label, act));
}

/** At the foot, unless there is something to press there. @param {string} sentence */
export function tell(sentence) {
  if (!bar.querySelector("button")) return notice(sentence);
  const status = byId("status");
  if (status) status.textContent = sentence;
}

/** Text that could be saved nowhere stays on the page until it is removed by hand. @param {string[]} texts */
export function setAside(texts) {
  if (!texts.length) return;
  const aside = element("section", "card aside no-print");
  aside.setAttribute("aria-label", words.aside);
  aside.append(element("h2", "", words.aside), element("p", "hint", words.asideHint));
  for (const value of texts) {
    const field = Object.assign(element("textarea", "own"), { value, readOnly: true, dir: "auto" });
    field.setAttribute("aria-label", words.aside);
    aside.append(field);
  }
  aside.append(button(words.asideRemove, () => (aside.remove(), notice()), "quiet"));
  bar.before(aside);
  tell(words.asideBelow);
}
