// @ts-check
// What the modules share about this page. They call each other, but only once all of them are loaded.

export const state = {
  /** The address of the page that is shown. */
  address: "",
  isLeaving: false,
  /** The page is about to be unloaded. */
  isUnloading: false,

  /** A step is on its way. */
  isSending: false,
  /** The form of that step, and what it was sent with. @type {HTMLFormElement | null} */
  sentForm: null,
  sentContent: "",
  /** A step that did not arrive. @type {{ form: HTMLFormElement, press?: Press } | null} */
  unsent: null,
  /** What was pressed in a review meanwhile. @type {{ id: string, value?: string } | null} */
  nextPress: null,
  /** The question that Back or Forward asked for. @type {string | null} */
  travelTo: null,
  retryDelay: 2000,
  retryTimer: 0,

  isSavingDraft: false,
  /** The last draft did not arrive. */
  isDraftLost: false,
  /** What was last sent as a draft, whether it arrived or not. @type {string | null} */
  lastDraft: null,
  draftTimer: 0,

  /** What was last saved or sent of each form with a draft. @type {Map<string | undefined, string>} */
  formDrafts: new Map(),
  formTimer: 0,
  isFormDraftLost: false,
  /** @type {Promise<unknown> | null} */
  savingForms: null,
  /** A form with a draft that the browser itself is sending. @type {HTMLFormElement | null} */
  browserSends: null,

  /** @type {EventSource | null} */
  stream: null,
  streamPath: "",
  /** This browser has streams enough: until this page is shown again, it asks by itself. */
  isCrowded: false,
  /** The newest revision that the server told of. */
  newest: "",
  isFetching: false,
  pollTimer: 0,

  lockTimer: 0,
  isShiftAlone: false,
  /** When Shift was pressed alone. @type {number[]} */
  shifts: [],
  /** The button that reads aloud, while it does. @type {HTMLElement | null} */
  reading: null,
};

/** The sentences to say: the script holds none. @type {Record<string, string>} */
export const words = /** @type {any} */ (document.body.dataset);

export const main = () => document.querySelector("main");

/** The question with its fields, or all of them on one page. @param {ParentNode} page */
export const question = (page = document) => page.querySelector("#reply, #whole");

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** A form with a field called id answers with that field when asked for its id. @param {any} node @returns {string} */
export const idOf = (node) => node?.getAttribute?.("id") || "";

export const isReview = (page = main()) => !!page.querySelector("[data-review]");
