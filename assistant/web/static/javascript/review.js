// @ts-check
// Two people write in a review at once. A form in which somebody is typing stays as it is; everything else becomes
// as it is now, and keeps its elements, so that nothing jumps and the focus stays.

import { closeStream, contentOf, idOf, isChanged, notice, openStream, setAside, typedIn } from "./conversation.js";
import { byId, main, state } from "./main.js";

/** From the inside out. @param {Element | null} [part] */
function around(part, selector = "") {
  const found = [];
  for (let each = part?.closest(selector); each; each = each.parentElement?.closest(selector)) found.push(each);
  return found;
}

state.patchReview = (next, isAccepted) => {
  const active = document.activeElement;
  const ids = around(active, "main [id]").map(idOf);
  const { sending } = state;
  // unless it was written on in while it was being sent
  const sent = sending && contentOf(sending) === state.content ? sending : null;
  if (sent) {
    byId("trouble")?.remove();
    delete sent.dataset.kept;
    if (isAccepted) {
      notice();
      // a chapter stays open: somebody is reading it
      for (const part of around(sent, "details:not(.chapter)")) part.removeAttribute("open");
    } else for (const { id } of next.querySelectorAll("details[open]")) byId(id)?.setAttribute("open", "");
  }
  state.sent = sent;
  state.removed = [];
  patch(main(), next);
  if (!main().dataset.live) closeStream();
  setAside(state.removed);
  if (sent && !isAccepted) {
    // what was given back is stored nowhere else
    (byId(idOf(sent)) ?? document.querySelector("#proposing")).dataset.kept = "yes";
    return byId("trouble")?.focus();
  }
  restoreFocus(ids);
  // a form that folds draws the page up: what it led to stays in view
  byId(around(sent, "article, section").map(idOf)[0])?.scrollIntoView({ block: "nearest" });
};

/** What it holds was not sent or was refused, or somebody is in it right now. @param {Node} part */
const isHeld = (part) =>
  part instanceof HTMLFormElement && part !== state.sent &&
  (part.dataset.kept || isChanged(part) || part.querySelector(":is(input, textarea, select):focus"));

/** The message about what was given back stays as long as that does. @param {Node | null} node */
const isTrouble = (node) => idOf(node) === "trouble" && document.querySelector("[data-kept]");

/** Make the first like the second, part by part. @param {Node} mine @param {Node} theirs */
function patch(mine, theirs) {
  if (!(mine instanceof Element && theirs instanceof Element)) return void (mine.nodeValue = theirs.nodeValue);
  for (const { name } of [...mine.attributes, ...theirs.attributes]) {
    const value = theirs.getAttribute(name);
    if (["open", "tabindex"].includes(name)) continue;
    value === null ? mine.removeAttribute(name) : mine.setAttribute(name, value);
  }
  const children = [...mine.childNodes];
  let last = 0;
  const nodes = [...theirs.childNodes].map((child) => {
    const id = idOf(child);
    const at = children.findIndex((each, index) => (id || index >= last) && idOf(each) === id && each.nodeName === child.nodeName);
    if (at < 0) return child;
    last = Math.max(last, at + 1);
    if (!isHeld(children[at])) patch(children[at], child);
    return children[at];
  });
  for (const old of children) {
    if (nodes.includes(old) || isTrouble(old)) continue;
    // what somebody took back goes, also from above what is being typed to it; what is typed does not
    if (old instanceof Element) state.removed?.push(...typedIn(old));
    old.remove();
  }
  let place = mine.firstChild;
  for (const node of nodes) {
    while (place && isTrouble(place)) place = place.nextSibling;
    if (node === place) place = place.nextSibling;
    else mine.insertBefore(node, place);
  }
  if (mine instanceof HTMLFormElement) {
    mine.reset();
    state.saved.delete(mine);
  }
}

/** Never to another button: what it does is not what was meant. @param {string[]} ids */
function restoreFocus(ids) {
  for (const id of ids.length ? [...ids, "heading"] : []) {
    const part = byId(id);
    const folded = part?.closest("details:not([open])");
    if (main().matches(":focus-within")) return;
    if (part?.matches("article, section, #heading")) part.tabIndex = -1;
    (folded?.querySelector("summary") ?? part)?.focus({ preventScroll: true });
  }
}

// all of it is unfolded without leaving the page: what is typed on it stays
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unfold]")) return;
  event.preventDefault();
  for (const chapter of document.querySelectorAll("details.chapter")) chapter.open = true;
  document.querySelector(".chapter > summary").focus();
});
openStream();
