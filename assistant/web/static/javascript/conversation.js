// @ts-check
// Steps and drafts.

import { byId, currentQuestion, main, pathOf, state } from "./main.js";

const words = document.querySelector("body").dataset;
const { speechSynthesis } = window;
const { lang } = document.documentElement;
const bar = document.querySelector("#notice");

const question = (page = main()) => page.querySelector("#reply, #whole");
/** Not `part.id`: a form's field may have that name. @param {any} part */
export const idOf = (part) => part?.getAttribute?.("id") ?? "";
const isReview = (page = main()) => page.querySelector("[data-review]");
const titleOf = (page = main()) => page.querySelector("h1")?.textContent ?? "";
const isNoticed = (sentence = "") => bar.firstChild?.textContent === sentence;

/** @param {string} [textContent] @param {() => unknown} [onclick] */
const button = (textContent, onclick, className = "") =>
  Object.assign(document.createElement("button"), { type: "button", className, textContent, onclick });

/** @param {Act} act */
export function notice(sentence = "", ...act) {
  if (sentence && isNoticed(sentence)) return;
  bar.replaceChildren(sentence, ...(act[0] ? [button(...act)] : []));
}

function tell(sentence = "") {
  const status = byId("status");
  if (!bar.querySelector("button")) notice(sentence);
  else if (status) status.textContent = sentence;
}

/** @param {string[]} texts */
export function setAside(texts) {
  for (const text of texts) {
    const aside = document.querySelector("#aside").content.querySelector("section").cloneNode(true);
    aside.getElementsByTagName("textarea")[0].value = text;
    aside.getElementsByTagName("button")[0].onclick = () => (aside.remove(), notice());
    bar.before(aside);
    tell(words.asideBelow);
  }
}

/** @param {Form} form */
export function contentOf(form, isNow = true) {
  if (!isNow) (form = form.cloneNode(true)).reset();
  const data = new FormData(form);
  for (const { name, type } of form.elements) if (type === "hidden") data.delete(name);
  return JSON.stringify([...data].filter(([, value]) => value.trim()));
}

/** @param {Form} form */
export const isChanged = (form) => contentOf(form) !== contentOf(form, false);

const textsIn = (page = main()) =>
  [...page.querySelectorAll("textarea:not([readonly])")].filter(({ value }) => value.trim());

export const typedIn = (page = main()) =>
  textsIn(page)
    .filter(({ form, value, defaultValue }) => form?.dataset.kept || value !== defaultValue)
    .map(({ value }) => value);

/** @param {Field} field */
function checkLength(field) {
  const id = `${field.id}-over`;
  const made = { id, className: "over", role: "status" };
  const over = byId(id) ?? Object.assign(document.createElement("p"), made);
  const length = field.value.length > +words.limit ? [...field.value].length : 0;
  if (field.localName !== "textarea" || length <= +words.limit) return over.remove();
  if (!over.isConnected) field.after(over);
  const described = new Set((field.getAttribute("aria-describedby") ?? id).split(" ")).add(id);
  field.setAttribute("aria-describedby", [...described].join(" "));
  const textContent = words.tooLong.replace("{length}", length.toLocaleString([lang, "nb"]));
  setTimeout(Object.assign, 50, over, { textContent });
}

/** @param {RequestInit} [options] */
async function request(address = main().dataset.page || location.href, options) {
  const signal = AbortSignal.timeout(20000);
  const shown = [...document.querySelectorAll("[data-version]")]
    .filter((part) => !part.querySelector("[data-held]"))
    .map(({ dataset }) => dataset.version);
  const headers = { "X-Fragment": `${[1, ...shown]}` };
  const response = await fetch(address, { ...options, headers, mode: "same-origin", signal });
  warnOfLock(response.headers.get("X-Locks-In"));
  return response;
}

/** @param {Form} form @param {Press} [press] */
function post(form, press, address = form.getAttribute("action")) {
  const body = new URLSearchParams([...new FormData(form)]);
  if (press?.name) body.append(press.name, press.value);
  const keepalive = !state.sending && String(body).length < 60000;
  return request(address, { method: "POST", body, keepalive });
}

/** @param {Response} response */
async function readPage(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("main > *")) throw new TypeError();
  for (const part of page.querySelectorAll("[data-same]"))
    part.replaceWith(byId(part.id)?.cloneNode(true) ?? part);
  return { page, response };
}

function retryLater() {
  clearTimeout(state.retryTimer);
  state.retryTimer = setTimeout(resume, 3000);
}

function resume() {
  const { unsent } = state;
  if (document.hidden) return;
  if (unsent?.form.isConnected) send(unsent.form, unsent.press);
  else saveDrafts();
  openStream();
  catchUp();
}

/** @param {string | null} [seconds] */
function warnOfLock(seconds) {
  if (!seconds || !words.locking) return;
  clearTimeout(state.lockTimer);
  const stay = async () => {
    try {
      const { ok } = await request("/stay", { method: "POST", body: new URLSearchParams() });
      ok ? notice(words.stayed) : fetchNewest();
    } catch {
      notice(words.offline);
    }
  };
  state.lockTimer = setTimeout(notice, (+seconds - 180) * 1000, words.locking, words.stay, stay);
}

/** @param {Form} form */
function isUnsaved(form) {
  if (form === question() ? state.unsent || state.saving : !form.elements.draft) return false;
  if (form === state.sending || form === state.left) return false;
  return contentOf(form) !== (state.saved.get(form) ?? contentOf(form, false));
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
    const keep = { name: "move", value: "keep" };
    const { headers, status } = await (isQuestion ? post(form, keep) : post(form, undefined, "/form-draft"));
    const revision = headers.get("X-Revision");
    if (!form.isConnected) return;
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

/** @param {Form} form */
function seeRevision(form, revision = "") {
  form.elements.seen.value = main().dataset.revision = revision;
}

/** @param {Form} form @param {Press} press */
async function send(form, press) {
  if (state.sending) {
    const { value } = press;
    if (isReview() && form !== state.sending)
      state.next = () => (form.isConnected && press.value === value ? send(form, press) : catchUp());
    return;
  }
  state.sending = form;
  state.unsent = null;
  try {
    await state.saving;
    state.content = contentOf(form);
    showPage(await readPage(await post(form, press)), press);
  } catch {
    state.unsent = { form, press };
    tell(words.waiting);
    retryLater();
  }
  state.sending = null;
  const { next } = state;
  if (state.unsent) return;
  state.next = null;
  next ? next() : catchUp();
}

/** @param {Fetched} fetched @param {Press} [press] */
function showPage({ page, response: { ok, url } }, press) {
  const next = page.querySelector("main");
  if (!ok && press && !next.querySelector("form, textarea")) return tell(titleOf(next));
  document.title = page.title;
  if (isReview() && isReview(next)) return state.patchReview?.(next, ok);
  hush();
  notice();
  const given = [...next.querySelectorAll("textarea")].map(({ value }) => value);
  const sent = isReview() ? "[]" : press && state.content;
  if (sent)
    setAside(typedIn().filter((text) => !given.includes(text) && !sent.includes(JSON.stringify(text))));
  const hadFocus = main().matches(":focus-within");
  main().replaceWith(next);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  document.body.dataset.kind = page.body.dataset.kind;
  state.lastDraft = state.isLost = null;
  const address = pathOf(ok ? url : next.dataset.posted || undefined);
  const at = currentQuestion();
  const before = history.state?.at;
  if ((press && before && at !== before) || address !== pathOf()) history.pushState({ at }, "", address);
  else history.replaceState({ at }, "");
  state.address = pathOf();
  if (next.dataset.lang !== lang) return location.reload();
  const saved = byId("saved");
  if (press && !saved) scrollTo(0, 0);
  preparePage();
  if (!press && !hadFocus) return;
  saved?.scrollIntoView({ block: "nearest" });
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

function offerReading() {
  const heading = document.querySelector("#reply h1");
  const voices = speechSynthesis?.getVoices() ?? [];
  const voice = voices.find(({ lang, localService }) => localService && RegExp(words.voice, "i").test(lang));
  if (!heading || !voice || document.querySelector(".aloud")) return;
  const readAloud = () => {
    if (state.reading) return hush();
    const parts = ["h1, [data-read]", "legend:not(:has(h1)), .option span"]
      .flatMap((selectors) => [...document.querySelectorAll(`#reply :is(${selectors})`)])
      .map(({ textContent }) => new SpeechSynthesisUtterance(textContent?.trim()));
    speechSynthesis.cancel();
    state.reading = aloud;
    aloud.textContent = words.hush;
    for (const part of parts) {
      part.voice = voice;
      part.lang = voice.lang;
      part.onend = () => part === parts.at(-1) && hush();
      speechSynthesis.speak(part);
    }
  };
  const aloud = button(words.aloud, readAloud, "quiet aloud no-print");
  (heading.closest("legend") ?? heading).after(aloud);
}

function hush() {
  if (!state.reading) return;
  state.reading.textContent = words.aloud;
  state.reading = null;
  speechSynthesis.cancel();
}

export function openStream() {
  const { live } = main().dataset;
  if (live && state.stream?.url.endsWith(live)) return;
  closeStream();
  if (!live || document.hidden || state.isCrowded || (isReview() && !state.patchReview)) return;
  const stream = (state.stream = new EventSource(live));
  stream.onmessage = ({ data }) => {
    state.newest = data;
    state.unsent || state.isLost ? resume() : catchUp();
  };
  stream.addEventListener("ended", endStream);
  stream.addEventListener("crowded", () => {
    state.isCrowded = true;
    closeStream();
  });
  stream.onerror = () => {
    if (stream.readyState < 2) return;
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

const isNewer = (revision = "", other = "") =>
  revision.split(".").some((number, at) => +number > +other.split(".")[at]);

function catchUp(newest = state.newest) {
  if (state.sending || state.saving || state.unsent) return;
  if (isNewer(newest, main().dataset.revision)) fetchNewest();
}

async function fetchNewest() {
  const before = main();
  const { newest } = state;
  if (state.isFetching || state.sending || !before.dataset.live) return;
  state.isFetching = true;
  try {
    const fetched = await readPage(await request());
    const next = fetched.page.querySelector("main");
    const { ok, status } = fetched.response;
    if (state.sending || state.unsent || main() !== before) return;
    if (status === 429 || status >= 500) return retryLater();
    if (ok && !isNewer(next.dataset.revision, before.dataset.revision)) return;
    if (isInUse() && isAdopted(next)) return;
    if (!isInUse() || before.querySelector("[data-lent]") || isReview()) showPage(fetched);
    else if (!ok) {
      closeStream();
      delete before.dataset.live;
      notice(`${titleOf(next)}. ${words.stays}`);
    } else notice(words.newer, words.showNewest, showNewest);
  } catch {
    retryLater();
  } finally {
    state.isFetching = false;
    if (state.newest !== newest) state.stream ? catchUp() : fetchNewest();
  }
}

const isInUse = () =>
  byId("trouble") ||
  [...main().querySelectorAll("form")].some(isChanged) ||
  main().querySelector(":is(input, textarea, select, button, summary, a):focus");

/** @param {HTMLElement} next */
function isAdopted(next) {
  const parts = next.querySelectorAll("[data-swap]");
  for (const part of parts) {
    const old = byId(part.id);
    if (!old || old.matches(":focus-within") || [...old.querySelectorAll("form")].some(isChanged)) continue;
    old.replaceWith(part);
  }
  const [mine, theirs] = [question(), question(next)];
  if (!mine && parts[0]) return (main().dataset.revision = next.dataset.revision);
  if (!mine || !theirs || mine.dataset.state !== theirs.dataset.state) return false;
  const known = [contentOf(mine), state.lastDraft, !byId("trouble") && contentOf(mine, false)];
  if (!known.includes(contentOf(theirs))) return false;
  mine.elements.turn.value = theirs.elements.turn.value;
  seeRevision(mine, next.dataset.revision);
  notice();
  return true;
}

async function showNewest() {
  if (state.sending) return;
  const form = question();
  const typed = textsIn().map(({ value }) => value);
  state.sending = form ?? document.forms[0];
  try {
    const saved = form && typed.length && (await post(form, { name: "move", value: "keep:aside" }));
    showPage(await readPage(await request()));
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
  const isOurs = "step" in form.dataset && !/^(view|more):/.test(submitter.value);
  if (isOurs && (!isReview() || state.patchReview)) {
    event.preventDefault();
    return send(form, submitter);
  }
  if (isLanguage) saveDrafts();
  if (state.saving && !state.isLost && (isLanguage || form.elements.draft)) {
    event.preventDefault();
    state.saving.then(() => form.requestSubmit(submitter));
  } else state.left = form;
});
document.addEventListener("input", ({ target }) => {
  checkLength(target);
  if (state.unsent && state.unsent.form === target.form) {
    state.unsent = null;
    tell(words.offline);
  }
  if (isNoticed(words.saved)) notice();
  saveLater();
});
document.addEventListener("visibilitychange", () => {
  state.isCrowded = false;
  if (document.hidden) {
    closeStream();
    hush();
    saveDrafts();
  } else {
    state.left = null;
    resume();
  }
});
addEventListener("online", resume);
addEventListener("beforeunload", (event) => {
  if (state.isLeaving) return;
  if ((saveDrafts() && state.isLost) || state.unsent) event.preventDefault();
});
addEventListener("popstate", ({ state: entry }) => {
  const travel = () => {
    const form = document.querySelector("#reply, #change");
    if (form && entry.at !== currentQuestion()) send(form, { name: "move", value: `go:${entry.at}` });
  };
  if (!entry?.at || pathOf() !== state.address) return;
  if (state.sending) state.next = travel;
  else travel();
});

const warning = document.querySelector("[data-warn-in]");
if (warning) setTimeout(() => (warning.hidden = false), Number(warning.dataset.warnIn) * 1000);
if (speechSynthesis) speechSynthesis.onvoiceschanged = offerReading;
warnOfLock(words.locksIn);
preparePage();
setInterval(async () => {
  const { live } = main().dataset;
  if (!live || document.hidden || state.newest) return;
  try {
    const response = await request(`${live}?once`);
    if ([401, 404].includes(response.status)) endStream();
    else if (response.ok) catchUp(await response.text());
  } catch {}
}, 5000);
