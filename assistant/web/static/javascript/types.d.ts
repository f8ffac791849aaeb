// What the type check knows about our pages, beyond the DOM, and why the modules do what they do: they have few
// comments, because telephones load them. Not served; see `.ci/typescript`.
//
// main.js, on every page:
// - makeReopenable: a page that answers a form the browser sent gets an address that can be opened again. A page with
//   text on it keeps the form's address until it is left, because that text is stored nowhere else.
// - takeLink: the server never sees what is behind #. It goes into the field, out of the address and the history, and
//   is sent as the form would be. A link pasted into the address of the page it leads to loads nothing anew.
// - Shift three times in five seconds leaves.
// - Where Back or Forward came before the script, the page is not the one at its address. It reloads once, because
//   some browsers name the page otherwise.
//
// conversation.js, on pages with something to fill in, to follow or to lock:
// - contentOf: a form's fields without the hidden ones, now or (of a clone that is reset) as the page brought them.
// - checkLength: counts characters as the server does, not the halves some are stored in. The text comes a moment
//   after its element, so that it is read out. Not every browser knows nynorsk, which writes numbers as bokmål does.
// - request: what the script asks for does not keep a borrowed browser open (`warnOfLock`); a press does.
//   A page that refused something has an address of its own (`data-page`), and is not what becomes newer.
// - request: it says which parts of a review or of the log are on the screen, so that only the others come. A part
//   with a form that was left as it is (`data-held`) may differ from its version, so it always comes.
// - post: a draft outlives its page, but browsers keep no more than 64 KiB alive.
// - readPage: a proxy or a hotel's network may answer in our place. What the screen has already comes as an empty
//   element, and is taken from there.
// - send: a draft that arrives after its form would be there again, so drafts arrive first; a language is a page of
//   its own, so there too. The browser itself sends what leads to a place within a page (`view:`, `more:`).
// - showPage: what was refused stays where it is, unless the page that says so gives it back. What came without a
//   press moves neither the focus nor the history. What was typed after the press is set aside, and in a review what
//   was being typed when the other side took it back. The rest of a page is in the language it was loaded in.
// - offerReading: by a voice in this device, so that nothing is sent anywhere.
// - fetchNewest: what somebody lent is shown only as they now let it be, whatever has the focus. What the stream told
//   of meanwhile may be newer than the page that has come, and a stream that ended leads to another page.
// - isInUse: a page with a message about what was given back holds text that is stored nowhere else.
// - isAdopted: the same question with the same answer, so that typing goes on at the newest revision.
// - isNewer: both numbers of a revision only ever grow.
// - The poll: some proxies hold a stream back until it ends. To ask does not prolong the session.
// - openStream: nothing may change in a review before review.js is here; until then the browser sends its forms.
//
// review.js, on reviews and the pages that lead into one:
// - patch: makes a part like what the server sent, in the same elements, so that nothing jumps and the focus stays. A
//   form that somebody is in, or whose text was not sent or was refused (`data-kept`), stays as it is. What was typed
//   in a part that is gone is set aside.
// - isShown: whether the page has the text aside itself; then it gets its last letters there.
// - The focus goes to no other button: what that does is not what was meant.
// - A form that was accepted folds, but a chapter stays open, because somebody is reading it.
//
// passkey.js, on the page about the key of staff:
// - Nothing that a passkey answers is in the page: it joins the form's fields as they are sent, so that neither the
//   browser's history nor a password manager keeps it.
// - The challenge is drawn here, because the server checks no signature: the secret opens the key, or it does not.
// - make: not every authenticator answers while it makes a passkey. Then the new one is asked at once.
// - The same person at the same authenticator would replace an earlier passkey, so it is told of those to exclude.
// - prepare: some browsers say beforehand that they lack the extension. Of the others the answer shows it.

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
  querySelector(selectors: ".chapter > summary"): HTMLElement;
  querySelector(selectors: "#leave" | "#proposing"): Form;
  querySelector(selectors: "#aside"): HTMLTemplateElement;
  querySelector(selectors: "#reply, #whole" | "#reply, #change" | "form[data-takes-link]"): Form | null;
  querySelector(selectors: "[data-copy]"): HTMLInputElement | null;
  querySelector(selectors: "[data-warn-in]" | "[data-state]" | "#reply h1"): HTMLElement | null;
  querySelectorAll(selectors: "[data-version]"): NodeListOf<HTMLElement>;
  querySelectorAll(selectors: "form.passkey"): NodeListOf<Form>;
  querySelectorAll(selectors: "details.chapter"): NodeListOf<HTMLDetailsElement>;
  querySelectorAll(selectors: "body > .aside textarea" | ".aside textarea"): NodeListOf<HTMLTextAreaElement>;
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
  readonly target: HTMLElement & { readonly nextElementSibling: HTMLTextAreaElement };
}
