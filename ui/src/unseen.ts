/**
 * What nobody sees, made visible. A token, an answer, a delivery or a definition may hold characters that turn, join or hide the
 * text around them; the window shows each as a mark, `‹U+202E›`, wherever it stands. Which characters those are is said in
 * Rust (`jose::unseen`), and the command line marks what steers in the same way.
 */
import { UNSEEN } from "./host/wire";

const hex = (code: number) => code.toString(16).toUpperCase().padStart(4, "0");
const ranges = (from: number) =>
  UNSEEN.filter(([, to]) => to >= from)
    .map(([least, to]) => `\\u{${hex(Math.max(least, from))}}-\\u{${hex(to)}}`)
    .join("");
/** Line breaks and tabs are laid out, and seen by that. */
const LAID_OUT = "\\t\\n\\r";

/** Joiners and selectors make one picture of an emoji, and are spelling in many scripts. After an ASCII character they do nothing. */
const JOINING = "[\\u200C\\u200D\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]";
const JOINED = `(?<=[^\\0-\\x7F])${JOINING}`;

/** Each of them, but what lays a text out or joins what is seen. */
export const UNSEEN_CHARACTERS = new RegExp(`(?![${LAID_OUT}])(?!${JOINED})[${ranges(0)}]`, "gu");

/** "U+202E" */
export const nameOf = (code: number): string => `U+${hex(code)}`;

/** A text as it may be shown. */
export function visible(text: string): string {
  return text.replace(UNSEEN_CHARACTERS, (character) => `‹${nameOf(character.codePointAt(0) ?? 0)}›`);
}

/** The names of the first few in a text that stands in a field, each once. */
export function unseenIn(text: string): string[] {
  const found = new Set<string>();
  for (const [character] of text.matchAll(UNSEEN_CHARACTERS)) {
    found.add(nameOf(character.codePointAt(0) ?? 0));
    if (found.size === FEW) break;
  }
  return [...found];
}

const FEW = 5;

/** What is read aloud or shown while something is pointed at. */
const ATTRIBUTES = ["title", "aria-label", "placeholder"];
/** Text that is typed is the person's: editors mark it by themselves, and beside a field stands what is in it. */
const TYPED = ".cm-content, textarea";

/**
 * Keeps what nobody sees out of all that is shown below a node, until it is told to stop. It is here once, and not in each
 * component, so that no component can forget it. A change is mended before it is painted.
 */
export function showUnseen(root: Node): () => void {
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") for (const node of addedNodes) walk(node);
      else if (type === "attributes") mendAttributes(target as Element);
      else mendText(target);
    }
  });
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  walk(root);
  return () => observer.disconnect();
}

function walk(node: Node): void {
  if (node.nodeType === Node.TEXT_NODE) mendText(node);
  if (!(node instanceof Element)) return;
  mendAttributes(node);
  if (node.matches(TYPED)) return;
  for (const child of node.childNodes) walk(child);
}

function mendText(node: Node): void {
  const text = node.nodeValue ?? "";
  if (node.nodeType !== Node.TEXT_NODE || text.search(UNSEEN_CHARACTERS) === -1 || node.parentElement?.closest(TYPED)) return;
  node.nodeValue = visible(text);
}

function mendAttributes(element: Element): void {
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name);
    if (text !== null && text.search(UNSEEN_CHARACTERS) !== -1) element.setAttribute(name, visible(text));
  }
}
