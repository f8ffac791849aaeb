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

/** Where the focus is: the ids around it, from the inside out, and which element in the innermost one. */
type FocusPath = { ids: string[]; tag: string; value: string; index: number };

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
  querySelector(selectors: "#reply, #whole" | "form[data-takes-link]" | "form.whole"): HTMLFormElement | null;
  querySelector(selectors: "[data-copy]"): HTMLInputElement | null;
  querySelector(selectors: "[data-warn-in]" | "main h1" | "#reply h1"): HTMLElement | null;
  querySelectorAll(selectors: "[data-locks]"): NodeListOf<HTMLElement>;
  querySelectorAll(selectors: "details.chapter"): NodeListOf<HTMLDetailsElement>;
  querySelectorAll(selectors: "textarea:not([readonly])"): NodeListOf<HTMLTextAreaElement>;
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
