/** A field whose value counts once it is left, such as a name that others refer to, or a number that begins with a minus. */
import { html, useState } from "../base/hooks.js";

/**
 * What is typed stays as it is however often the page is drawn meanwhile.
 * @param {{value: string | number, onTyped: (text: string) => void, [attribute: string]: unknown}} properties
 */
export function TypedField({ value, onTyped, ...attributes }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const text = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  return html`<input ...${attributes} autocomplete="off" value=${typed ?? value} onInput=${(/** @type {Event} */ event) => setTyped(text(event))} onChange=${(/** @type {Event} */ event) => onTyped(text(event))} onBlur=${() => setTyped(null)} />`;
}
