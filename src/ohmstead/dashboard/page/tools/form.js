/**
 * The fields of a form that is made from a schema.
 *
 * @typedef {import("./schema.js").Field} Field
 */
import { html, useId } from "../base/hooks.js";

/** @param {{fields: Field[], typed: Record<string, string>, setTyped: (typed: Record<string, string>) => void, troubles: Record<string, string>}} properties */
export function FormFields({ fields, typed, setTyped, troubles }) {
  return html`<div class="form">
    ${fields.map(
      (field) => html`<${FormField}
        key=${field.name}
        field=${field}
        text=${typed[field.name] ?? field.initial}
        trouble=${troubles[field.name] ?? ""}
        onText=${(/** @type {string} */ text) => setTyped({ ...typed, [field.name]: text })}
      />`,
    )}
  </div>`;
}

/** @param {{field: Field, text: string, trouble: string, onText: (text: string) => void}} properties */
export function FormField({ field, text, trouble, onText }) {
  const id = useId();
  const described = [field.about && `${id}-about`, trouble && `${id}-trouble`].filter(Boolean).join(" ") || undefined;
  return html`<div class="field">
    <label for=${id}>${field.title}${field.isRequired ? "" : html` <span class="quiet">(may be left out)</span>`}</label>
    <${Input} id=${id} field=${field} text=${text} onText=${onText} described=${described} isWrong=${trouble !== ""} />
    ${field.about && html`<p class="quiet" id="${id}-about">${field.about}</p>`}
    ${trouble && html`<p class="reason" id="${id}-trouble" role="alert">${trouble}</p>`}
  </div>`;
}

/** @param {{id: string, field: Field, text: string, onText: (text: string) => void, described: string | undefined, isWrong: boolean}} properties */
function Input({ id, field, text, onText, described, isWrong }) {
  const typed = (/** @type {Event} */ event) => onText(/** @type {HTMLInputElement} */ (event.target).value);
  const same = { id, "aria-describedby": described, "aria-invalid": isWrong || undefined };
  if (field.kind === "yes")
    return html`<input ...${same} type="checkbox" checked=${text === "true"} onChange=${(/** @type {Event} */ event) => onText(String(/** @type {HTMLInputElement} */ (event.target).checked))} />`;
  if (field.kind === "choice")
    return html`<select ...${same} value=${text} onChange=${typed}>
      ${!field.isRequired && html`<option value="" selected=${text === ""}>—</option>`}
      ${field.options.map((option) => html`<option key=${String(option)} value=${String(option)} selected=${String(option) === text}>${String(option)}</option>`)}
    </select>`;
  if (field.kind === "json") return html`<textarea ...${same} rows="3" value=${text} onInput=${typed}></textarea>`;
  const isNumber = field.kind === "number" || field.kind === "integer";
  return html`<input ...${same} type="text" inputmode=${isNumber ? "decimal" : undefined} autocomplete="off" spellcheck=${false} value=${text} onInput=${typed} />`;
}
