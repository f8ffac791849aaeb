// What the type check knows about our pages, beyond the DOM. Not served; see `.ci/typescript`.

/** An input, textarea or select. */
type Field = HTMLElement & {
  name: string;
  type: string;
  form: HTMLFormElement | null;
  value: string;
  defaultValue: string;
  checked: boolean;
  defaultChecked: boolean;
  options?: HTMLCollectionOf<HTMLOptionElement>;
};

/** What a step is sent with: the button that was pressed, or a move through the browser's history. */
type Press = { name: string; value: string; isTravel?: boolean };

/** One of our pages, as it came from the server. */
type Fetched = { page: Document; url: string; ok: boolean; status: number };

/** Where the focus is: the ids around it, from the inside out, and which element inside the innermost. */
type FocusPath = { ids: string[]; tag: string; value: string; index: number };

/** What the modules share about the page. */
interface State {
  /** The address of the page that is shown. */
  address: string;
  isLeaving: boolean;
  /** The page is about to be unloaded. */
  isUnloading: boolean;
  /** A step is on its way. */
  isSending: boolean;
  /** The form of that step, and what it was sent with. */
  sentForm: HTMLFormElement | null;
  sentContent: string;
  /** A step that did not arrive. */
  unsent: { form: HTMLFormElement; press?: Press } | null;
  /** What was pressed in a review meanwhile. */
  nextPress: { id: string; value?: string } | null;
  /** The question that Back or Forward asked for. */
  travelTo: string | null;
  retryDelay: number;
  retryTimer: number;
  isSavingDraft: boolean;
  /** The last draft did not arrive. */
  isDraftLost: boolean;
  /** What was last sent as a draft, whether it arrived or not. */
  lastDraft: string | null;
  draftTimer: number;
  /** What was last saved or sent of each form with a draft. */
  formDrafts: Map<string | undefined, string>;
  formTimer: number;
  isFormDraftLost: boolean;
  savingForms: Promise<unknown> | null;
  /** A form with a draft that the browser itself is sending. */
  browserSends: HTMLFormElement | null;
  stream: EventSource | null;
  streamPath: string;
  /** This browser has streams enough: until this page is shown again, it asks by itself. */
  isCrowded: boolean;
  /** The newest revision that the server told of. */
  newest: string;
  isFetching: boolean;
  pollTimer: number;
  lockTimer: number;
  isShiftAlone: boolean;
  /** When Shift was pressed alone. */
  shifts: number[];
  /** The button that reads aloud, while it does; pressed, it stops. */
  reading: HTMLElement | null;
  /** Set by the module for reviews, which only they load. */
  patchReview: ((next: HTMLElement, isAccepted: boolean) => void) | null;
}

/** The fields of ours that the script knows by name. */
interface HTMLFormControlsCollection {
  readonly draft?: HTMLInputElement;
  readonly link: HTMLInputElement;
  readonly seen?: HTMLInputElement;
  readonly turn: HTMLInputElement;
}

/** Every page of ours has these. */
interface ParentNode {
  querySelector(selectors: "main" | "footer"): HTMLElement;
  querySelector(selectors: "#reply, #whole" | "form[data-takes-link]"): HTMLFormElement | null;
  querySelector(selectors: "[data-copy]"): HTMLInputElement | null;
  querySelector(selectors: "[data-warn-in]" | "#reply h1"): HTMLElement | null;
  querySelectorAll(selectors: "[data-locks]"): NodeListOf<HTMLElement>;
  querySelectorAll(selectors: "details.chapter"): NodeListOf<HTMLDetailsElement>;
  querySelectorAll(selectors: "textarea:not([readonly])"): NodeListOf<HTMLTextAreaElement & Field>;
}

interface Element {
  closest(selectors: "a[href]"): HTMLAnchorElement | null;
  closest(selectors: "main [id]"): HTMLElement | null;
  closest(selectors: "details:not(.chapter)"): HTMLDetailsElement | null;
}

interface SubmitEvent {
  readonly target: HTMLFormElement;
}

interface MouseEvent {
  readonly target: Element;
}

interface InputEvent {
  readonly target: Field;
}
