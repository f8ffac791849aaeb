// @ts-check
// A page that is worked on: steps without a new page, drafts, and what is newer in another tab or device.
// Without the script everything works, a page at a time.

import { byId, currentAddress, currentQuestion, main, state } from "./main.js";

/** The sentences to say: the script holds none. */
const words = /** @type {Record<string, string>} */ (document.body.dataset);
const { speechSynthesis } = window;
const { lang } = document.documentElement;
const bar = document.querySelector("#notice");
const KEEP = { name: "move", value: "keep" };

/** The question with its fields, or all of them on one page. */
const question = (page = main()) => page.querySelector("#reply, #whole");
/** A form with a field called id answers with that field when asked for it. @param {any} part */
export const idOf = (part) => part?.getAttribute?.("id") ?? "";
const isReview = (page = main()) => page.querySelector("[data-review]");
const titleOf = (page = main()) => page.querySelector("h1")?.textContent ?? "";
const isNoticed = (sentence = "") => bar.firstChild?.textContent === sentence;

/** @param {string} [textContent] @param {() => unknown} [onclick] */
const button = (textContent, onclick, className = "") =>
  Object.assign(document.createElement("button"), { type: "button", className, textContent, onclick });

/** One calm line at the foot of the screen, and what to press. @param {Act} act */
export function notice(sentence = "", ...act) {
  if (sentence && isNoticed(sentence)) return;
  bar.replaceChildren(sentence, ...(act[0] ? [button(...act)] : []));
}

/** At the foot, unless there is something to press there. */
function tell(sentence = "") {
  const status = byId("status");
  if (!bar.querySelector("button")) notice(sentence);
  else if (status) status.textContent = sentence;
}

/** Text that could be saved nowhere stays on the page until it is removed by hand. @param {string[]} texts */
export function setAside(texts) {
  for (const text of texts) {
    const aside = document.querySelector("#aside").content.querySelector("section").cloneNode(true);
    aside.getElementsByTagName("textarea")[0].value = text;
    aside.getElementsByTagName("button")[0].onclick = () => (aside.remove(), notice());
    bar.before(aside);
    tell(words.asideBelow);
  }
}

/** What a form holds now, or held when the page came. @param {Form} form */
export function contentOf(form, isNow = true) {
  if (!isNow) (form = form.cloneNode(true)).reset();
  const data = new FormData(form);
  for (const { name, type } of form.elements) if (type === "hidden") data.delete(name);
  return JSON.stringify([...data].filter(([, value]) => value.trim()));
}

/** @param {Form} form */
export const isChanged = (form) => contentOf(form) !== contentOf(form, false);

/** @param {ParentNode} page */
const textsIn = (page) => [...page.querySelectorAll("textarea:not([readonly])")];

/** What is stored nowhere but on this page. @param {ParentNode} page */
export const typedIn = (page) =>
  textsIn(page).filter(({ form, value, defaultValue }) => value.trim() && (form?.dataset.kept || value !== defaultValue)).map(({ value }) => value);

/** Say at once that it is more than an answer holds. It can be sent all the same. @param {Field} field */
function checkLength(field) {
  const limit = Number(field.dataset.limit ?? words.limit);
  const id = `${field.id}-over`;
  const over = byId(id) ?? Object.assign(document.createElement("p"), { id, className: "over", role: "status" });
  // counted as the server counts: characters, not the halves some of them are stored in
  const length = field.value.length > limit ? [...field.value].length : 0;
  if (length <= limit || field.localName !== "textarea") return over.remove();
  if (!over.isConnected) field.after(over);
  const described = field.getAttribute("aria-describedby") ?? "";
  if (!described.includes(id)) field.setAttribute("aria-describedby", `${described} ${id}`.trim());
  // not every browser knows nynorsk; it writes numbers as bokmål does
  const [said, most] = [length, limit].map((number) => number.toLocaleString([lang, "nb"]));
  const textContent = words.tooLong.replace("{length}", said).replace("{limit}", most);
  setTimeout(Object.assign, 50, over, { textContent }); // a moment later, so that it is read out
}

/** @param {string} address @param {RequestInit} [options] */
async function request(address, options) {
  const signal = AbortSignal.timeout(20000);
  const response = await fetch(address, { ...options, headers: { "X-Fragment": "1" }, mode: "same-origin", signal });
  warnOfLock(response.headers.get("X-Locks-In"));
  return response;
}

/** The same form that the browser would send, to the same address. @param {Form} form @param {Press} [press] @param {string} [address] */
function post(form, press, address) {
  const body = new URLSearchParams([...new FormData(form)]);
  if (press?.name) body.append(press.name, press.value);
  // a draft outlives its page, but browsers keep no more than this alive
  const keepalive = (!!address || press === KEEP) && String(body).length < 60000;
  return request(address ?? form.getAttribute("action"), { method: "POST", body, keepalive });
}

/** One of our pages, or it did not arrive: a hotel's network may answer in our place. @param {Promise<Response>} requested */
async function readPage(requested) {
  const response = await requested;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("main > *")) throw new TypeError();
  return { page, response };
}

function retryLater() {
  clearTimeout(state.retryTimer);
  state.retryTimer = setTimeout(resume, 3000);
}

/** Send what did not arrive, and listen again. */
function resume() {
  if (document.hidden) return;
  const { unsent } = state;
  if (unsent?.form.isConnected) send(unsent.form, unsent.press);
  else saveDrafts();
  openStream();
  catchUp();
}

/** What the script asks for does not keep a borrowed browser open; a press does. @param {string | null} [seconds] */
function warnOfLock(seconds) {
  if (!seconds || !words.locking) return;
  clearTimeout(state.lockTimer);
  state.lockTimer = setTimeout(notice, (Number(seconds) - 180) * 1000, words.locking, words.stay, stayOpen);
}

async function stayOpen() {
  try {
    const { ok } = await request("/stay", { method: "POST", body: new URLSearchParams() });
    ok ? notice(words.stayed) : fetchNewest();
  } catch {
    notice(words.offline);
  }
}

/** The question, and any other form whose text comes back in its field until it is sent. @param {Form} form */
function isUnsaved(form) {
  if (form === question() ? state.unsent || state.saving : !form.elements.draft) return false;
  return ![state.sending, state.left].includes(form) && contentOf(form) !== (state.saved.get(form) ?? contentOf(form, false));
}

function saveDrafts() {
  clearTimeout(state.draftTimer);
  const unsaved = [...document.forms].filter(isUnsaved);
  if (!unsaved.length) return false;
  const saving = Promise.all([state.saving, ...unsaved.map(saveDraft)]).then(() => {
    if (state.saving === saving) state.saving = null;
    catchUp();
  });
  return (state.saving = saving);
}

/** @param {Form} form */
async function saveDraft(form) {
  const content = contentOf(form);
  const isQuestion = form === question();
  if (isQuestion) state.lastDraft = content;
  try {
    const { headers, status } = await (isQuestion ? post(form, KEEP) : post(form, undefined, "/form-draft"));
    const revision = headers.get("X-Revision");
    if (!form.isConnected) return; // answered in the meantime
    if (status === 204 && (revision || !isQuestion)) {
      if (revision) seeRevision(form, revision);
      state.saved.set(form, content);
      if (state.isLost || isNoticed(words.offline)) tell(words.saved);
      state.isLost = false;
      saveLater();
    } else if ([204, 401, 404, 409].includes(status)) fetchNewest();
    else throw new TypeError();
  } catch {
    if (!form.isConnected) return;
    state.isLost = true;
    tell(words.unsaved);
    retryLater();
  }
}

function saveLater() {
  clearTimeout(state.draftTimer);
  state.draftTimer = setTimeout(saveDrafts, 1500);
}

/** A step replaces only what changes. @param {Form} form @param {Press} press */
async function send(form, press) {
  if (state.sending) {
    // in a review the next thing is pressed soon
    const id = idOf(form);
    if (isReview() && form !== state.sending) state.next = () => pressAgain(id, press);
    return;
  }
  state.sending = form;
  state.unsent = null;
  form.ariaBusy = "true";
  try {
    await state.saving; // a draft that arrives after the form would be there again
    state.content = contentOf(form);
    showPage(await readPage(post(form, press)), press);
  } catch {
    // again later, under the same request id: if it did arrive, it is still one turn
    state.unsent = { form, press };
    tell(words.waiting);
    retryLater();
  }
  form.ariaBusy = state.sending = null;
  const { next } = state;
  if (state.unsent) return;
  state.next = null;
  next ? next() : catchUp();
}

/** @param {string} id @param {Press} press */
function pressAgain(id, press) {
  const same = [...document.querySelectorAll("button")].find(({ form, value }) => idOf(form) === id && value === press.value);
  same?.form ? send(same.form, same) : catchUp();
}

/** What came by itself, and not by a press, leads nobody anywhere. @param {Fetched} fetched @param {Press} [press] */
function showPage({ page, response: { ok, url } }, press) {
  const next = page.querySelector("main");
  const before = currentQuestion();
  // what was refused stays where it is, unless the page that says so gives it back
  if (!ok && press && !next.querySelector("form, textarea")) return tell(titleOf(next));
  document.title = page.title;
  if (isReview() && isReview(next)) return state.patchReview?.(next, ok);
  hush();
  notice();
  // what was being typed when the other side took it back stays readable here, and nowhere else
  const given = [...next.querySelectorAll("textarea")].map(({ value }) => value);
  if (isReview()) setAside(typedIn(main()).filter((text) => !given.includes(text)));
  const hadFocus = main().matches(":focus-within");
  main().replaceWith(next);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  state.lastDraft = state.isLost = null;
  // what a refusal was posted to may have no page of its own
  const address = new URL(ok ? url : next.dataset.posted || currentAddress(), location.href);
  const at = currentQuestion();
  const isNext = before && at !== before && press && !press.isTravel;
  if (isNext || address.pathname + address.search !== currentAddress()) history.pushState({ at }, "", address);
  else history.replaceState({ at }, "");
  state.address = currentAddress();
  // the rest of the page speaks the language it was loaded in
  if (next.dataset.lang !== lang) return location.reload();
  if (press) scrollTo(0, 0);
  preparePage();
  if (!press && !hadFocus) return;
  const saved = byId("saved");
  saved?.scrollIntoView({ block: "center" });
  (byId("trouble") ?? saved ?? byId("heading"))?.focus({ preventScroll: true });
}

function preparePage() {
  const link = document.querySelector("[data-copy]");
  if (link && navigator.clipboard) {
    const copy = button(link.dataset.copy, async () => {
      await navigator.clipboard.writeText(link.value);
      copy.textContent = link.dataset.copied ?? "";
    });
    link.after(copy);
  }
  offerReading();
  openStream();
}

/** Nynorsk is not read as if it were bokmål, and nothing is sent anywhere: the voice is in this device. */
function findVoice() {
  const [language] = lang.split("-");
  const spoken = language === "nb" ? ["nb", "no"] : [language];
  const voices = speechSynthesis?.getVoices() ?? [];
  return voices.find(({ lang, localService }) => localService && spoken.includes(lang.toLowerCase().split(/[-_]/)[0]));
}

function offerReading() {
  const heading = document.querySelector("#reply h1");
  if (!heading || !findVoice() || document.querySelector(".aloud")) return;
  const aloud = button(words.aloud, () => (state.reading ? hush() : readAloud(aloud, heading)), "quiet aloud no-print");
  (heading.closest("legend") ?? heading).after(aloud);
}

/** @param {HTMLElement} pressed @param {HTMLElement} heading */
function readAloud(pressed, heading) {
  const voice = findVoice();
  const [asked, offered] = ["[data-read], h1", "#reply :is(legend, .option span)"].map((parts) => [...document.querySelectorAll(parts)]);
  const parts = [...asked, ...offered.filter((part) => !part.contains(heading))].map(({ textContent }) =>
    Object.assign(new SpeechSynthesisUtterance(textContent?.trim()), { voice, lang: voice?.lang }),
  );
  speechSynthesis.cancel();
  state.reading = pressed;
  pressed.textContent = words.hush;
  for (const part of parts) {
    part.onend = () => part === parts.at(-1) && hush();
    speechSynthesis.speak(part);
  }
}

function hush() {
  if (!state.reading) return;
  state.reading.textContent = words.aloud;
  state.reading = null;
  speechSynthesis.cancel();
}

export function openStream() {
  const { live } = main().dataset;
  if (state.stream && state.path === live) return;
  closeStream();
  // nothing may change in a review before its module is here
  if (!live || document.hidden || state.isCrowded || (isReview() && !state.patchReview)) return;
  const stream = (state.stream = new EventSource(live));
  state.path = live;
  stream.onmessage = ({ data }) => {
    state.newest = data;
    state.unsent || state.isLost ? resume() : catchUp();
  };
  stream.addEventListener("ended", endStream);
  // this browser has streams enough: until the page is shown again, it asks by itself
  stream.addEventListener("crowded", () => {
    state.isCrowded = true;
    closeStream();
  });
  stream.onerror = () => {
    if (stream.readyState < 2) return; // the browser tries again by itself
    endStream();
    retryLater();
  };
}

export function closeStream() {
  state.stream?.close();
  state.stream = null;
  state.newest = "";
}

function endStream() {
  closeStream();
  fetchNewest();
}

/** Some proxies hold a stream back until it ends. To ask does not prolong the session, as fetching the page might. */
async function askWhenSilent() {
  const { live } = main().dataset;
  if (!live || document.hidden || state.newest) return;
  try {
    const response = await request(`${live}?once`);
    if ([401, 404].includes(response.status)) endStream();
    else if (response.ok) catchUp(await response.text());
  } catch {} // the next time
}

/** Both numbers only ever grow. */
const isNewer = (revision = "", other = "") => revision.split(".").some((number, at) => +number > +other.split(".")[at]);

function catchUp(newest = state.newest) {
  if (!state.sending && !state.saving && !state.unsent && isNewer(newest, main().dataset.revision)) fetchNewest();
}

async function fetchNewest() {
  const before = main();
  if (state.isFetching || state.sending || !before.dataset.live) return;
  state.isFetching = true;
  try {
    const fetched = await readPage(request(location.href));
    const next = fetched.page.querySelector("main");
    const { ok, status } = fetched.response;
    if (state.sending || state.unsent || main() !== before) return; // a step has come first
    if (status === 429 || status >= 500) return retryLater();
    if (ok && !isNewer(next.dataset.revision, before.dataset.revision)) return;
    // what somebody else lent is shown only as they now let it be, whatever has the focus
    if (!isInUse() || before.querySelector("[data-lent]") || isReview()) showPage(fetched);
    else if (!ok) {
      closeStream();
      delete before.dataset.live;
      notice(`${titleOf(next)}. ${words.stays}`);
    } else if (!isAdopted(next)) notice(words.newer, words.showNewest, showNewest);
  } catch {
    retryLater();
  } finally {
    state.isFetching = false;
  }
}

/** Whether replacing the page would disturb somebody. What a page gave back is stored nowhere else. */
const isInUse = () =>
  byId("trouble") || [...main().querySelectorAll("form")].some(isChanged) || main().querySelector(":is(input, textarea, select, button, summary, a):focus");

/** The same question with the same answer: typing goes on, at the newest revision. @param {HTMLElement} next */
function isAdopted(next) {
  const [mine, theirs] = [question(), question(next)];
  if (!mine || !theirs || mine.dataset.state !== theirs.dataset.state) return false;
  const known = [contentOf(mine), state.lastDraft, !byId("trouble") && contentOf(mine, false)];
  if (!known.includes(contentOf(theirs))) return false;
  mine.elements.turn.value = theirs.elements.turn.value;
  seeRevision(mine, next.dataset.revision);
  notice();
  return true;
}

/** @param {Form} form */
function seeRevision(form, revision = "") {
  form.elements.seen.value = main().dataset.revision = revision;
}

/** Show it although something is typed here, and save that. */
async function showNewest() {
  if (state.sending) return;
  const form = question();
  const typed = textsIn(main()).map(({ value }) => value).filter((text) => text.trim());
  state.sending = form ?? document.forms[0];
  try {
    const saved = form && typed.length && (await post(form, { name: "move", value: "keep:aside" }));
    showPage(await readPage(request(location.href)));
    byId("heading")?.focus();
    if (!saved || !saved.headers.has("X-Revision")) setAside(typed);
    else if (question()?.dataset.state !== form.dataset.state) tell(words.asideKept);
  } catch {
    tell(words.offline);
  }
  state.sending = null;
  catchUp();
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const isLanguage = form.matches(".languages");
  // these lead to a place within a page, and only the browser sees which; and a review waits for its module
  if ("step" in form.dataset && !/^(view|more):/.test(submitter.value) && (!isReview() || state.patchReview)) {
    event.preventDefault();
    return send(form, submitter);
  }
  // another language is a page of its own, and the form must not arrive before its draft
  if (isLanguage) saveDrafts();
  if (state.saving && !state.isLost && (isLanguage || form.elements.draft)) {
    event.preventDefault();
    state.saving.then(() => form.requestSubmit(submitter));
  } else state.left = form;
});
document.addEventListener("input", ({ target }) => {
  checkLength(target);
  if (state.unsent && state.unsent.form === target.form) {
    state.unsent = null; // it is being changed: no longer what the button was pressed for
    tell(words.offline);
  }
  if (isNoticed(words.saved)) notice();
  saveLater();
});
document.addEventListener("visibilitychange", () => {
  state.isCrowded = false;
  if (!document.hidden) return resume();
  closeStream();
  hush();
  saveDrafts();
});
addEventListener("online", resume);
addEventListener("pageshow", ({ persisted }) => {
  state.left = null;
  if (persisted) resume();
});
addEventListener("pagehide", () => {
  closeStream();
  hush();
});
addEventListener("beforeunload", (event) => {
  if (state.isLeaving) return;
  // sent now, it is there when the next page is made
  if ((saveDrafts() && state.isLost) || state.unsent) event.preventDefault();
});
addEventListener("popstate", ({ state: entry }) => {
  const travel = () => {
    const form = document.querySelector("#reply, #change");
    if (form && entry.at !== currentQuestion()) send(form, { name: "move", value: `go:${entry.at}`, isTravel: true });
  };
  if (!entry?.at || currentAddress() !== state.address) return;
  if (state.sending) state.next = travel;
  else travel();
});

// a page that stays open says when somebody is about to be signed out; its own text said the time
const warning = document.querySelector("[data-warn-in]");
if (warning) setTimeout(() => (warning.hidden = false), Number(warning.dataset.warnIn) * 1000);
if (speechSynthesis) speechSynthesis.onvoiceschanged = offerReading;
setInterval(askWhenSilent, 5000);
warnOfLock(words.locksIn);
preparePage();
