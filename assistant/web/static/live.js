// Makes the pages quicker and keeps them fresh: a step replaces only what changes, what is typed is kept while
// it is typed and sent when the net is back, what was written elsewhere is shown, a question can be read aloud.
// Without this file everything works, a page at a time. What is said comes from the page, never from here.

const FRAGMENT = "X-Fragment";
const REVISION = "X-Revision";
const LOCKS_IN = "X-Locks-In";
const KEPT_ALIVE = 60000;
const STEPS = ["reply", "whole", "continue", "change", "again"];
const DRAFT_AFTER = 1500;
const GIVE_UP_AFTER = 20000;
const SOON = 2000;
const SELDOM = 30000;
const UNHEARD = 5000;
const CROWDED = 10000;
const words = document.body.dataset;

const place = () => location.pathname + location.search;
let shown = place();
const main = () => document.querySelector("main");
// the question with its fields, or all of them on one page
const question = (page = document) => page.querySelector("#reply, #whole");

// Steps.

let sending = false;
let waiting = null; // the form and the button of a step that has not come through

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "leave") return vanish();
  if (waitForDrafts(event)) return;
  // a browser too old to say which button was pressed sends the form itself
  if ((!STEPS.includes(form.id) && !("step" in form.dataset)) || !("submitter" in event)) return;
  // these lead to a place within a page, and only the browser sees which
  if (/^(view|more):/.test(event.submitter?.value)) {
    unsaved = false;
    return;
  }
  event.preventDefault();
  send(form, event.submitter);
});

// One history entry a question: Back and Forward lead to the question that entry had, and what is typed is kept
// as by any other move. A link within the page comes by here too, and must not take what is typed.
window.addEventListener("popstate", ({ state }) => {
  if (place() !== shown) return location.reload();
  if (!state?.at) return;
  wanted = state.at;
  if (!sending) goToWanted();
});

let wanted = null; // the question that Back or Forward asked for

// The question on the page, or the end of the questions.
function standing() {
  if (document.getElementById("change") && document.getElementById("continue")) return "end";
  return document.getElementById("reply")?.dataset.state ?? null;
}

function goToWanted() {
  const at = wanted;
  wanted = null;
  const form = document.getElementById("reply") ?? document.getElementById("change");
  if (form && at !== standing()) send(form, { name: "move", value: `go:${at}`, isTravel: true });
}

// The answer to a form that the browser sent itself: its entry in the history gets an address that can be
// opened again, so that Back leads here and not to the browser's question whether to send it once more. A page
// with text on it is kept nowhere else, so there this waits until it is left.
function becomeAddress() {
  const { posted } = main().dataset;
  if (posted === undefined) return;
  const from = document.referrer.startsWith(`${location.origin}/`) ? document.referrer : "";
  if (posted || from) history.replaceState({ at: standing() }, "", posted || from);
  delete main().dataset.posted;
  shown = place();
}

window.addEventListener("submit", (event) => event.defaultPrevented || becomeAddress());
window.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && !link.target && !link.hash && !event.defaultPrevented) becomeAddress();
});

// What was pressed while something else was on its way: in a review the next thing comes soon.
let pressed = null;

async function send(form, button) {
  if (sending) {
    if ("step" in form.dataset && form !== released) pressed = { id: named(form), value: button?.value };
    return;
  }
  sending = true;
  waiting = null;
  [released, sentAs] = [form, given(form)];
  clearTimeout(drafting);
  form.setAttribute("aria-busy", "true");
  const draft = form.elements.draft?.value;
  try {
    await keepingForms; // a draft that comes after the form would be there again
    const came = await read(post(form, button?.name ? [[button.name, button.value]] : []));
    // the server keeps what it refused, as it was sent
    if (came.ok) drafted.delete(draft);
    else drafted.set(draft, sentAs);
    show(came, false, button?.isTravel);
    delay = SOON;
  } catch {
    // the same again later, under the same request id: if it did arrive, it is still one turn
    waiting = { form, button };
    tell(words.waiting);
    later();
  } finally {
    form.removeAttribute("aria-busy");
    sending = false;
    released = null;
    if (wanted && !waiting) goToWanted();
    else if (pressed && !waiting) pressNext();
    else catchUp();
  }
}

function pressNext() {
  const { id, value } = pressed;
  pressed = null;
  const form = document.getElementById(id);
  const button = [...(form?.elements ?? [])].find((one) => one.type === "submit" && one.value === value);
  if (button) send(form, button);
  else catchUp();
}

// The same form the browser would send, to the same address: there is no second way in.
function post(form, more, address = form.getAttribute("action")) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of more) body.append(name, value);
  // browsers refuse to keep more than this alive, all that is on its way together
  const keepalive = (document.hidden || isGoing) && String(body).length < KEPT_ALIVE;
  return ask(address, { method: "POST", body, keepalive });
}

async function ask(address, options) {
  const signal = AbortSignal.timeout?.(GIVE_UP_AFTER);
  const response = await fetch(address, { ...options, headers: { [FRAGMENT]: "1" }, signal });
  warnOfLock(response.headers.get(LOCKS_IN));
  return response;
}

// One of our own pages, or it did not come through: a proxy or a hotel's network may answer in our place.
async function read(asked) {
  const response = await asked;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("main > *") || new URL(response.url).origin !== location.origin) throw new TypeError();
  return { page, url: response.url, ok: response.ok, status: response.status };
}

function show({ page, url, ok }, quietly = false, isTravel = false) {
  const next = page.querySelector("main");
  const before = standing();
  if (main().querySelector("[data-review]") && next.querySelector("[data-review]")) {
    document.title = page.title;
    return goOn(next, ok);
  }
  // what could not be taken stays where it is, unless the page that says so gives it back
  if (!ok && !quietly && !next.querySelector("form, textarea")) return tell(next.querySelector("h1").textContent);
  hush();
  notice("");
  if (main().querySelector("[data-review]")) keepTyped(next);
  const hadFocus = main().contains(document.activeElement);
  document.title = page.title;
  main().replaceWith(next);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  attempted = null;
  unsaved = false;
  // what a refusal was posted to may have no page of its own
  const there = new URL(ok ? url : next.dataset.posted || place(), location);
  const [at, isElsewhere] = [standing(), there.pathname + there.search !== place()];
  if (isElsewhere || (at !== before && before && !quietly && !isTravel)) history.pushState({ at }, "", there);
  else history.replaceState({ at }, "");
  shown = place();
  // the rest of the page speaks the language it was loaded in
  if (next.dataset.lang !== document.documentElement.lang) return location.reload();
  if (!quietly) scrollTo(0, 0);
  prepare();
  if (!quietly || hadFocus) {
    const saved = document.getElementById("saved");
    saved?.scrollIntoView({ block: "center" });
    (document.getElementById("trouble") ?? saved ?? document.getElementById("heading"))?.focus({ preventScroll: true });
  }
}

// Two write in a review at once. What somebody is typing stays as it is, in the same field with the same focus;
// what is the same stays too, so that nothing jumps; everything else becomes as it is now.

let released = null; // the form that is being sent: the page that comes back has what stands in it
let sentAs = "";

function goOn(next, ok) {
  const way = wayTo(document.activeElement);
  if (released && given(released) !== sentAs) released = null; // it was written on in while it was being sent
  const [sent, left] = [released, []];
  const around = named(sent?.closest("article, section"));
  if (sent) {
    if (ok) notice("");
    document.getElementById("trouble")?.remove();
    sent.removeAttribute("data-kept");
    if (ok) foldUp(sent);
    else for (const { id } of next.querySelectorAll("details[id][open]")) document.getElementById(id)?.setAttribute("open", "");
  }
  patch(main(), next, left);
  released = null;
  if (!main().dataset.live) hangUp();
  if (left.length) lay(left);
  if (!sent || ok) {
    focusAgain(way);
    // a form that folds draws the page up: what came of it is not to be looked for
    if (sent) document.getElementById(around)?.scrollIntoView({ block: "nearest" });
    return;
  }
  // what was given back is kept nowhere else
  (document.getElementById(named(sent)) ?? document.getElementById("proposing"))?.setAttribute("data-kept", "");
  document.getElementById("trouble")?.focus();
}

// What was sent from in here is done. A chapter is not folded by that: somebody is reading it.
function foldUp(form) {
  const around = "details:not(.chapter)";
  for (let open = form.closest(around); open; open = open.parentElement.closest(around)) open.open = false;
}

// What stands in it was not sent or could not be taken, or somebody is in it right now.
function isHeld(part) {
  const isOwn = ({ form }) => !released || form !== released;
  const isKept = (field) => field === document.activeElement || field.form?.hasAttribute("data-kept");
  const fields = [part, ...part.querySelectorAll("input, textarea, select")].filter(isField);
  return fields.some((field) => isOwn(field) && (isKept(field) || text(field) !== text(field, false)));
}

// A form with a field called id answers with that field when it is asked for its id.
const named = (node) => node?.getAttribute?.("id") || "";

const isTold = (node) => named(node) === "trouble" && !!document.querySelector("[data-kept]");

function patch(mine, theirs, left) {
  const stays = ({ name }) => ["open", "tabindex"].includes(name);
  for (const one of [...mine.attributes]) if (!stays(one) && !theirs.hasAttribute(one.name)) mine.removeAttribute(one.name);
  for (const one of theirs.attributes) if (!stays(one)) mine.setAttribute(one.name, one.value);
  const [there, wanted] = [mine, theirs].map((part) => new Map([...part.children].map((child) => [named(child), child])));
  wanted.delete("");
  let place = mine.firstChild;
  const goPast = () => {
    const gone = place;
    place = gone.nextSibling;
    if (isTold(gone)) return;
    // what somebody took back goes, also from above what is being typed to it; what is typed does not
    if (named(gone)) left.push(...typedIn(gone));
    gone.remove();
  };
  for (const child of [...theirs.childNodes]) {
    const name = named(child);
    while (isTold(place)) place = place.nextSibling;
    if (name) while (place && !wanted.has(named(place))) goPast();
    const same = name ? there.get(name) : place;
    if (same && canStay(same, child)) {
      if (same === place) place = place.nextSibling;
      else mine.insertBefore(same, place);
      if (name && !same.matches("form, textarea")) patch(same, child, left);
    } else {
      mine.insertBefore(child, place);
      if (!name) continue;
      if (same === place) place = same?.nextSibling ?? null;
      same?.remove();
    }
  }
  while (place) goPast();
}

// A part with a name is gone into; a form that nobody is in becomes, as a whole, what it is now.
function canStay(mine, theirs) {
  if (!named(theirs)) return mine.isEqualNode(theirs);
  if (!mine.matches("form, textarea")) return mine.localName === theirs.localName;
  return isHeld(mine) || (mine !== released && mine.isEqualNode(theirs));
}

// Where somebody is on the page, from the inside out, so that they are there still when it is patched.
function wayTo(active) {
  const way = [];
  for (let home = active?.closest("main [id]"); home; home = home.parentElement.closest("main [id]")) way.push(named(home));
  const like = document.getElementById(way[0])?.querySelectorAll(active.localName) ?? [];
  return { way, tag: active?.localName, value: active?.value, nth: [...like].indexOf(active) };
}

function focusAgain({ way, tag, value, nth }) {
  const isThere = () => main().contains(document.activeElement);
  if (!way.length || isThere()) return;
  const innermost = document.getElementById(way[0]);
  const like = [...(innermost?.querySelectorAll(tag) ?? [])];
  const again = like.find((one) => value && one.value === value) ?? like[nth] ?? innermost;
  again?.focus({ preventScroll: true });
  for (const id of [...way, "heading"]) {
    if (isThere()) return;
    // never another button: what it does is not what was meant
    const home = document.getElementById(id);
    const folded = home?.closest("details:not([open])");
    if (folded) folded.querySelector("summary").focus({ preventScroll: true });
    else if (home?.matches("article, section, #heading")) {
      home.tabIndex = -1;
      home.focus({ preventScroll: true });
    }
  }
}

// What was being typed when the other side took it back stays readable here, and nowhere else.
function keepTyped(next) {
  const back = [...next.querySelectorAll("textarea")].map((field) => field.value);
  const typed = typedIn(main()).filter((words) => !back.includes(words));
  if (typed.length) lay(typed);
}

function typedIn(part) {
  const fields = [...part.querySelectorAll("textarea:not([readonly])")];
  const isTyped = (field) => field.form?.hasAttribute("data-kept") || text(field) !== text(field, false);
  return fields.filter((field) => field.value.trim() && isTyped(field)).map((field) => field.value);
}

// All of it is unfolded without leaving the page: what is typed on it stays.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unfold]")) return;
  event.preventDefault();
  for (const chapter of document.querySelectorAll("details.chapter")) chapter.open = true;
  document.querySelector("details.chapter > summary").focus();
});

// A sentence goes where it is seen, at the foot of the screen, unless something stands there to be pressed.
function tell(sentence) {
  if (!bar.querySelector("button")) return notice(sentence);
  const status = document.getElementById("status");
  if (status) status.textContent = sentence;
}

// What is typed and not yet given.

let drafting = 0;
let keeping = false;
let unsaved = false; // the last draft did not come through
let attempted = null; // what was last sent as a draft, whether it came through or not

document.addEventListener("input", ({ target }) => {
  measure(target);
  if (target.form?.elements.draft) {
    clearTimeout(draftingForms);
    draftingForms = setTimeout(keepForms, DRAFT_AFTER);
  }
  if (!target.form || target.form !== question()) return;
  if (waiting) {
    waiting = null; // it is being changed: no longer what was pressed for
    tell(words.offline);
  }
  if (says(words.saved)) notice("");
  clearTimeout(drafting);
  drafting = setTimeout(keep, DRAFT_AFTER);
});

async function keep() {
  const form = question();
  if (!form || sending || waiting) return;
  clearTimeout(drafting);
  if (keeping) return (drafting = setTimeout(keep, DRAFT_AFTER));
  keeping = true;
  attempted = given(form);
  try {
    const response = await post(form, [["move", "keep"]]);
    if (form !== question()) return; // answered in the meantime
    const kept = response.headers.get(REVISION);
    if (kept) {
      sees(form, kept);
      if (unsaved || says(words.offline)) tell(words.saved);
      unsaved = false;
      delay = SOON;
    } else if ([204, 401, 404, 409].includes(response.status)) {
      look();
    } else throw new TypeError();
  } catch {
    if (form !== question()) return;
    unsaved = true;
    if (!waiting) tell(words.unsaved);
    later();
  } finally {
    keeping = false;
    catchUp();
  }
}

// What is half typed in any other form that can be kept. Until it is sent it comes back in its field.

const drafted = new Map(); // what was last kept or sent of each form
let draftingForms = 0;
let keepingForms = null;
let unkept = false; // the last of them did not come through
let isGoing = false; // the page is about to be left
let isSent = null; // a form that the browser itself is sending

function halfTyped() {
  const forms = [...main().querySelectorAll("form")].filter((form) => form.elements.draft && form !== isSent);
  return forms.filter((form) => form !== released && given(form) !== (drafted.get(form.elements.draft.value) ?? given(form, false)));
}

function keepForms() {
  clearTimeout(draftingForms);
  const kept = Promise.all(halfTyped().map(keepForm)).then(() => keepingForms === kept && (keepingForms = null));
  return (keepingForms = kept);
}

async function keepForm(form) {
  const [draft, said] = [form.elements.draft.value, given(form)];
  try {
    const response = await post(form, [], "/form-draft");
    if ([401, 404, 409].includes(response.status)) return look();
    if (response.status !== 204) throw new TypeError();
    drafted.set(draft, said);
    if (unkept || says(words.unsaved)) tell(words.saved);
    unkept = false;
  } catch {
    unkept = true;
    tell(words.unsaved);
    later();
  }
}

// Another language is a page of its own, and what the browser sends by itself must not come before its draft.
function waitForDrafts(event) {
  const { target, submitter } = event;
  if (target.dataset.step !== undefined || STEPS.includes(target.id) || !target.requestSubmit) return false;
  const isLeft = target.matches(".languages") && halfTyped().length;
  if (isLeft) keepForms();
  if (keepingForms && (isLeft || target.elements.draft)) {
    event.preventDefault();
    keepingForms.then(() => target.requestSubmit(submitter));
    return true;
  }
  if (target.elements.draft) isSent = target;
  return false;
}

const isPick = ({ type }) => type === "checkbox" || type === "radio";
const isField = ({ name, type }) => name && !["hidden", "submit", "button"].includes(type);

// What stands in a field, or what stood there when the page came.
function text(field, now = true) {
  if (isPick(field)) return (now ? field.checked : field.defaultChecked) ? field.value : "";
  if (!field.options) return now ? field.value : field.defaultValue;
  return (now ? field.value : [...field.options].find((o) => o.defaultSelected)?.value) ?? "";
}

function given(form, now = true) {
  const said = [...form.elements].filter(isField).map((field) => [field.name, text(field, now)]);
  return JSON.stringify(said.filter(([, value]) => value.trim()));
}

function isInUse() {
  const here = main();
  const fields = [...here.querySelectorAll("input, textarea, select")].filter(isField);
  const active = document.activeElement;
  return (
    !!document.getElementById("trouble") || // a page that gave something back: it is stored nowhere
    fields.some((field) => text(field) !== text(field, false)) ||
    (here.contains(active) && active.matches("input, textarea, select, button, summary, a"))
  );
}

// More than an answer holds is said at once; it can be sent all the same, and the server says so too.
function measure(field) {
  if (field.localName !== "textarea") return;
  const limit = Number(field.dataset.limit ?? words.limit);
  // counted as the server counts: characters, not the halves some of them are stored in
  const length = field.value.length > limit ? [...field.value].length : 0;
  let said = field.nextElementSibling?.matches(".over") ? field.nextElementSibling : null;
  if (length <= limit) {
    if (said?.dataset.was) field.setAttribute("aria-describedby", said.dataset.was);
    else if (said) field.removeAttribute("aria-describedby");
    return said?.remove();
  }
  if (!said) {
    said = document.createElement("p");
    said.className = "over";
    said.id = `${field.id}-over`;
    said.setAttribute("role", "status");
    said.dataset.was = field.getAttribute("aria-describedby") ?? "";
    field.after(said);
    field.setAttribute("aria-describedby", `${said.dataset.was} ${said.id}`.trim());
  }
  // not every browser knows nynorsk; it writes numbers as bokmål does
  const number = new Intl.NumberFormat([document.documentElement.lang, "nb"]);
  const sentence = words.tooLong.replace("{length}", number.format(length)).replace("{limit}", number.format(limit));
  setTimeout(() => (said.textContent = sentence), 50); // a moment later, so that it is read out
}

// What is newer elsewhere: in another tab, on another device.

let stream = null;
let heard = "";
let looking = false;
let asking = 0;
let crowded = false; // this browser has streams enough: until this page is shown again it asks by itself

function listen() {
  const { live } = main().dataset;
  if (stream && stream.path === live) return;
  hangUp();
  if (!live || document.hidden || !window.EventSource) return;
  if (crowded) return askNowAndThen();
  stream = new EventSource(live);
  stream.path = live;
  // some proxies hold a stream back until it ends; then this page asks by itself
  clearInterval(asking);
  asking = setInterval(() => !document.hidden && look(), UNHEARD);
  stream.onmessage = ({ data }) => {
    clearInterval(asking);
    heard = data;
    delay = SOON;
    if (waiting || unsaved) wake();
    else catchUp();
  };
  stream.addEventListener("ended", () => {
    hangUp();
    look();
  });
  stream.addEventListener("crowded", () => {
    hangUp();
    crowded = true;
    askNowAndThen();
  });
  stream.onerror = () => {
    if (stream?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    hangUp();
    look();
    later();
  };
}

function askNowAndThen() {
  clearInterval(asking);
  asking = setInterval(() => document.hidden || askOnce(), CROWDED);
}

// What a stream would say first. It does not prolong the session, as fetching the page might.
async function askOnce() {
  const { live } = main().dataset;
  if (!live) return clearInterval(asking);
  try {
    const response = await ask(`${live}?once`);
    if ([401, 404].includes(response.status)) {
      hangUp();
      look();
    } else if (response.ok) {
      heard = await response.text();
      catchUp();
    }
  } catch {} // the next time
}

function hangUp() {
  clearInterval(asking);
  stream?.close();
  stream = null;
  heard = "";
}

// Both numbers only ever grow.
function isNewer(one, other) {
  const [a, b] = [one, other].map((revision) => (revision ?? "").split(".").map(Number));
  return a.some((number, place) => number > b[place]);
}

function catchUp() {
  if (heard && !sending && !keeping && !waiting && isNewer(heard, main().dataset.revision)) look();
}

async function look() {
  if (looking || sending || !main().dataset.live) return;
  looking = true;
  const before = main();
  try {
    const newest = await read(ask(location.href));
    if (sending || waiting || main() !== before) return; // a step has come first
    if (newest.status === 429 || newest.status >= 500) return later();
    const next = newest.page.querySelector("main");
    if (newest.ok && !isNewer(next.dataset.revision, before.dataset.revision)) return;
    // what somebody else lent is shown only as they now let it be, whatever has the focus
    if (!isInUse() || before.querySelector("[data-lent], [data-review]")) show(newest, true);
    else if (newest.ok && isSame(next)) adopt(next);
    else if (newest.ok) notice(words.newer, words.showNewest, showNewest);
    else {
      hangUp();
      delete before.dataset.live;
      notice(`${next.querySelector("h1").textContent}. ${words.stays}`);
    }
  } catch {
    later();
  } finally {
    looking = false;
  }
}

// The same question with the same under it: what is being typed here may go on as if nothing had happened.
function isSame(next) {
  const [mine, theirs] = [question(), question(next)];
  if (mine?.dataset.state !== theirs?.dataset.state || !mine) return false;
  const untouched = document.getElementById("trouble") ? null : given(mine, false);
  return [given(mine), untouched, attempted].includes(given(theirs));
}

function adopt(next) {
  question().elements.turn.value = question(next).elements.turn.value;
  sees(question(), next.dataset.revision);
  notice("");
}

function sees(form, revision) {
  main().dataset.revision = revision;
  if (form.elements.seen) form.elements.seen.value = revision;
}

async function showNewest() {
  if (sending) return;
  sending = true;
  const form = question();
  const typed = form ? [...form.querySelectorAll("textarea")].map((field) => field.value).filter((t) => t.trim()) : [];
  try {
    const kept = typed.length > 0 && (await post(form, [["move", "keep:aside"]])).headers.has(REVISION);
    show(await read(ask(location.href)), true);
    document.getElementById("heading")?.focus();
    if (!kept && typed.length) lay(typed);
    else if (question()?.dataset.state !== form.dataset.state) tell(words.asideKept);
  } catch {
    tell(words.offline);
  } finally {
    sending = false;
    catchUp();
  }
}

// Text that could be kept nowhere stays on the page until it is taken away by hand.
function lay(texts) {
  const aside = element("section", "card aside no-print");
  aside.setAttribute("aria-label", words.aside);
  aside.append(element("h2", "", words.aside), element("p", "hint", words.asideHint));
  for (const typed of texts) {
    const field = element("textarea", "own");
    field.value = typed;
    field.readOnly = true;
    field.dir = "auto";
    field.setAttribute("aria-label", words.aside);
    aside.append(field);
  }
  aside.append(button(words.asideRemove, () => (aside.remove(), notice("")), "quiet"));
  bar.before(aside);
  tell(words.asideBelow);
}

// One calm line at the foot of the screen; where there is something to press, that too.
function notice(sentence, label, act) {
  if (!sentence) return bar.replaceChildren();
  if (says(sentence)) return;
  bar.replaceChildren(element("p", "", sentence));
  if (label) bar.append(button(label, act));
}

const says = (sentence) => bar.firstChild?.textContent === sentence;
const bar = element("div", "notice no-print");
bar.setAttribute("role", "status");
document.querySelector("footer")?.before(bar);

function element(tag, className, textContent = "") {
  return Object.assign(document.createElement(tag), { className, textContent });
}

function button(label, act, className = "") {
  const made = Object.assign(element("button", className, label), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

// Away and back: hidden, asleep, without a net.

let delay = SOON;
let timer = 0;

function later() {
  clearTimeout(timer);
  timer = setTimeout(wake, delay);
  delay = Math.min(delay * 2, SELDOM);
}

function wake() {
  if (document.hidden) return;
  if (waiting?.form.isConnected) send(waiting.form, waiting.button);
  else if (unsaved) keep();
  if (unkept) keepForms();
  listen();
}

document.addEventListener("visibilitychange", () => {
  crowded = false;
  if (!document.hidden) return wake();
  hangUp();
  hush();
  keepForms();
  const form = question();
  if (form && given(form) !== given(form, false) && given(form) !== attempted) keep();
});
window.addEventListener("online", wake);
window.addEventListener("pageshow", () => (isSent = null));
window.addEventListener("pageshow", ({ persisted }) => persisted && (leaving ? location.reload() : wake()));
window.addEventListener("pagehide", () => {
  hangUp();
  hush();
});
window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  // sent now, it is there when the next page is made
  isGoing = true;
  keepForms();
  isGoing = false;
  if (waiting || unsaved || unkept) event.preventDefault();
});

// Leaving at once: the button, or Shift three times with nothing else in between.

const WITHIN = 5000;
let leaving = false;
let shifts = [];
let isAlone = false;

function go(form) {
  if (form?.requestSubmit) form.requestSubmit();
  else form?.submit();
}

function vanish() {
  leaving = true;
  document.body.hidden = true;
}

document.addEventListener("keydown", ({ key, repeat }) => {
  if (key === "Shift" && repeat) return;
  isAlone = key === "Shift";
  if (!isAlone) shifts = [];
});
document.addEventListener("pointerdown", () => (isAlone = false));
document.addEventListener("keyup", ({ key, timeStamp }) => {
  if (key !== "Shift" || !isAlone) return;
  shifts = [...shifts.filter((at) => timeStamp - at < WITHIN), timeStamp];
  if (shifts.length >= 3) go(document.getElementById("leave"));
});

// Reading aloud, by a voice that lives in this device and speaks the page's language: nothing is sent anywhere,
// and nynorsk is not read as if it were bokmål.

const ALSO_CALLED = { nb: ["nb", "no"] };
const speech = window.speechSynthesis;
let reading = null;

function voice() {
  const { lang } = document.documentElement;
  const spoken = ALSO_CALLED[lang.split("-")[0]] ?? [lang.split("-")[0]];
  const tag = (one) => one.lang.replace("_", "-").toLowerCase();
  const able = (speech?.getVoices() ?? []).filter((one) => one.localService && spoken.includes(tag(one).split("-")[0]));
  return able.find((one) => tag(one) === lang.toLowerCase()) ?? able[0];
}

function offerReading() {
  const heading = document.querySelector("#reply h1");
  if (!heading || !voice() || document.querySelector(".aloud")) return;
  const made = button(words.aloud, () => (reading ? hush() : readAloud(made)), "quiet aloud no-print");
  (heading.closest("legend") ?? heading).after(made);
}

function readAloud(made) {
  const form = question();
  const asked = [...form.querySelectorAll("[data-read], h1")];
  const offered = [...form.querySelectorAll("legend, .option span")].filter((part) => !part.querySelector("h1"));
  const spoken = voice();
  speech.cancel();
  reading = made;
  made.textContent = words.hush;
  const parts = [...asked, ...offered].map((part) => {
    const utterance = new SpeechSynthesisUtterance(part.textContent.trim());
    utterance.voice = spoken;
    utterance.lang = spoken.lang;
    return utterance;
  });
  parts[parts.length - 1].onend = () => reading === made && hush();
  for (const part of parts) speech.speak(part);
}

function hush() {
  if (!reading) return;
  reading.textContent = words.aloud;
  reading = null;
  speech.cancel();
}

if (speech) speech.onvoiceschanged = offerReading;

// What a page needs each time it is new.
function prepare() {
  const link = document.querySelector("[data-copy]");
  if (link && navigator.clipboard) {
    const copy = button(link.dataset.copy, async () => {
      await navigator.clipboard.writeText(link.value);
      copy.textContent = link.dataset.copied;
    });
    link.after(copy);
  }
  offerReading();
  listen();
  // the time it says was right when the page came; here the warning tells
  for (const said of document.querySelectorAll("[data-locks]")) said.hidden = true;
}

// A link leads here with its secret behind #. The server never sees that part, so put it in the field, take
// it out of the address and the history, and send it on as the form would.
function takeLink() {
  const form = document.querySelector("form[data-takes-link]");
  if (!form || location.hash.length < 20) return;
  form.elements.link.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  go(form);
}

// A page that is left standing says when somebody is about to be signed out; its own text said the time.
function warnBeforeTheEnd() {
  const warning = document.querySelector("[data-warn-in]");
  if (warning) setTimeout(() => { warning.hidden = false; }, Number(warning.dataset.warnIn) * 1000);
}

// A borrowed browser says so before it locks. What is asked for by itself does not keep it open; a press does.
const LOCK_WARNED = 180;
let locking = 0;

function warnOfLock(seconds) {
  if (!seconds || !words.locking) return;
  clearTimeout(locking);
  locking = setTimeout(() => notice(words.locking, words.stay, stay), Math.max(0, seconds - LOCK_WARNED) * 1000);
}

async function stay() {
  try {
    if (!(await ask("/stay", { method: "POST", body: new URLSearchParams() })).ok) return look();
    tell(words.stayed);
    notice(words.stayed);
  } catch {
    notice(words.offline);
  }
}

warnBeforeTheEnd();
warnOfLock(words.locksIn);
document.getElementById("trouble")?.focus();
if (![...main().querySelectorAll("textarea")].some((field) => field.value.trim())) becomeAddress();
if (main().dataset.posted === undefined) history.replaceState({ at: standing() }, "");
prepare();
takeLink();
// a link pasted into the address of the page it leads to loads nothing anew
addEventListener("hashchange", takeLink);
