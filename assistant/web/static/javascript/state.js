// @ts-check
// What the modules share about this page. They call each other, but only once all of them are loaded.

/** @type {State} */
export const state = {
  address: "",
  isLeaving: false,
  isUnloading: false,
  isSending: false,
  sentForm: null,
  sentContent: "",
  unsent: null,
  nextPress: null,
  travelTo: null,
  retryDelay: 2000,
  retryTimer: 0,
  isSavingDraft: false,
  isDraftLost: false,
  lastDraft: null,
  draftTimer: 0,
  formDrafts: new Map(),
  formTimer: 0,
  isFormDraftLost: false,
  savingForms: null,
  browserSends: null,
  stream: null,
  streamPath: "",
  isCrowded: false,
  newest: "",
  isFetching: false,
  pollTimer: 0,
  lockTimer: 0,
  isShiftAlone: false,
  shifts: [],
  reading: null,
  patchReview: null,
};

/** The sentences to say: the script holds none. @type {Record<string, string>} */
export const words = /** @type {any} */ (document.body.dataset);

export const main = () => document.querySelector("main");

/** The question with its fields, or all of them on one page. @param {ParentNode} page */
export const question = (page = document) => page.querySelector("#reply, #whole");

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** A form with a field called id answers with that field when asked for it. @param {any} node @returns {string} */
export const idOf = (node) => node?.getAttribute?.("id") || "";

export const isReview = (page = main()) => !!page.querySelector("[data-review]");
