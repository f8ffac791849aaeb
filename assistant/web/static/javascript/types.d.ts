// What the type check knows about our pages, beyond the DOM. Not served; see `.ci/typescript`.

type Form = HTMLFormElement;

/** An input, textarea or select. */
type Field = HTMLInputElement;

/** What a form is sent with: the button that was pressed, or a move of the script. */
type Press = { name: string; value: string };

/** What to press below a notice: the text of a button, and what it does. */
type Act = [label?: string, act?: () => unknown];

/** One of our pages, as it came from the server. */
type Fetched = { page: Document; response: Response };

/** What changes. */
interface State {
  /** The address of the page that is shown. */
  address: string;
  /** When Shift was pressed, with nothing else in between. */
  shifts: number[];
  /** The page is being left at once, and nothing of it is kept. */
  isLeaving?: boolean;

  /** The form of the step that is on its way. */
  sending?: Form | null;
  /** What that form held when it was sent. */
  content?: string;
  /** A step that did not arrive. */
  unsent?: { form: Form; press: Press } | null;
  /** What was asked for meanwhile: something else in a review, or Back or Forward. */
  next?: (() => void) | null;
  retryTimer?: number;
  /** A form that the browser itself is sending. */
  left?: Form | null;

  /** What was last saved of each form. */
  saved: WeakMap<Form, string>;
  /** The drafts that are on their way. */
  saving?: Promise<void> | null;
  draftTimer?: number;
  /** A draft did not arrive. */
  isLost?: boolean | null;
  /** What was last sent as a draft of the question, whether it arrived or not. */
  lastDraft?: string | null;

  stream?: EventSource | null;
  /** This browser has streams enough: until this page is shown again, it asks by itself. */
  isCrowded?: boolean;
  /** The newest revision that the stream told of. */
  newest: string;
  isFetching?: boolean;
  lockTimer?: number;
  /** The button that reads aloud, while it does. */
  reading?: HTMLElement | null;

  /** Set by the module for reviews, which only they load. */
  patchReview?: (next: HTMLElement, isAccepted: boolean) => void;
  /** The form that a review was answered to, unless it was written on in the meantime. */
  sent?: Form | null;
  /** What was typed in parts of a review that are gone. */
  removed?: string[];
}

/** The fields of ours that the script knows by name. */
interface HTMLFormControlsCollection {
  readonly draft?: HTMLInputElement;
  readonly link: HTMLInputElement;
  readonly seen: HTMLInputElement;
  readonly turn: HTMLInputElement;
  [Symbol.iterator](): ArrayIterator<HTMLInputElement>;
}

/** No form of ours sends a file. */
interface FormData {
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

/** The parts of our pages. */
interface ParentNode {
  querySelector(selectors: "main" | "footer" | "section" | "#notice"): HTMLElement;
  /** The sentences that the script says, as attributes: it holds none itself. */
  querySelector(selectors: "body"): HTMLElement & { dataset: Record<string, string> };
  querySelector(selectors: "#leave" | "#proposing"): Form;
  querySelector(selectors: "#aside"): HTMLTemplateElement;
  querySelector(selectors: "#reply, #whole" | "#reply, #change" | "form[data-takes-link]"): Form | null;
  querySelector(selectors: "[data-copy]"): HTMLInputElement | null;
  querySelector(selectors: "[data-warn-in]" | "[data-state]" | "#reply h1"): HTMLElement | null;
  querySelectorAll(selectors: "details.chapter"): NodeListOf<HTMLDetailsElement>;
  querySelectorAll(selectors: "textarea:not([readonly])"): NodeListOf<HTMLTextAreaElement>;
}

interface Node {
  cloneNode<Kind>(this: Kind, deep: boolean): Kind;
}

interface Element {
  closest(selectors: "a[href]"): HTMLAnchorElement | null;
  getAttribute(name: "action"): string;
}

/** What is sent is a form, and with a button. */
interface DocumentEventMap {
  input: Event & { target: Field };
  submit: Event & { target: Form; submitter: HTMLButtonElement };
}

interface MouseEvent {
  readonly target: Element;
}
