/**
 * What only one family can do: its methods, each with the form its schema asks for, and the answer as it came.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").ConsoleDevice} ConsoleDevice
 * @typedef {import("../types.js").ConsoleMethod} ConsoleMethod
 * @typedef {{ok: boolean, text: string}} Answer
 */
import { post, wordsOf } from "../base/api.js";
import { Trouble, useAsked } from "../base/asked.js";
import { html, useId, useState } from "../base/hooks.js";
import { titleOfDevice } from "../devices/wording.js";
import { FormFields } from "./form.js";
import { fieldsOf, valuesOf } from "./schema.js";

/** @param {{state: State}} properties */
export function ConsolePage({ state }) {
  const asked = useAsked("console");
  const devices = /** @type {ConsoleDevice[]} */ (asked.found ?? []).filter(({ methods }) => methods.length);
  const [chosen, setChosen] = useState("");
  const [named, setNamed] = useState("");
  const device = devices.find((one) => one.device === chosen) ?? devices[0];
  const method = device?.methods.find((one) => one.name === named) ?? device?.methods[0];
  return html`
    <header class="page-head"><div><h1>Console</h1><p class="quiet">What only one family of devices can do. What changes something asks once more.</p></div></header>
    <${Trouble} asked=${asked} what="The console" />
    ${asked.found && !devices.length && html`<p class="card quiet">No device here has more to say than its page does.</p>`}
    ${device && method && html`
      <section class="card console" aria-label="Ask a device">
        <div class="form is-row">
          <${Choose} title="Device" value=${device.device} options=${devices.map((one) => [one.device, titleFor(one, state)])} onChange=${setChosen} />
          <${Choose} title="Method" value=${method.name} options=${device.methods.map((one) => [one.name, one.title || one.name])} onChange=${setNamed} />
        </div>
        <${Call} key=${`${device.device} ${method.name}`} device=${device.device} method=${method} mayDo=${state.session?.scopes.includes(method.scope) ?? true} />
      </section>
    `}
  `;
}

/** @param {ConsoleDevice} one @param {State} state */
function titleFor({ device }, { devices }) {
  const found = devices.find(({ id }) => id === device);
  return found ? `${titleOfDevice(found)} (${device})` : device;
}

/** @param {{title: string, value: string, options: string[][], onChange: (value: string) => void}} properties */
function Choose({ title, value, options, onChange }) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${title}</label>
    <select id=${id} value=${value} onChange=${(/** @type {Event} */ event) => onChange(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
    </select>
  </div>`;
}

/** @param {{device: string, method: ConsoleMethod, mayDo: boolean}} properties */
function Call({ device, method, mayDo }) {
  const fields = fieldsOf(method.schema);
  const [typed, setTyped] = useState(/** @type {Record<string, string>} */ ({}));
  const [troubles, setTroubles] = useState(/** @type {Record<string, string>} */ ({}));
  const [step, setStep] = useState(/** @type {"type" | "review" | "sending"} */ ("type"));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const isReading = method.scope === "read";
  const send = async () => {
    setStep("sending");
    setAnswer(await answered({ device, method: method.name, params: valuesOf(fields, typed).values }));
    setStep("type");
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const found = valuesOf(fields, typed).troubles;
    setTroubles(found);
    if (Object.keys(found).length) return;
    if (isReading || step === "review") send();
    else setStep("review");
  };
  const word = step === "sending" ? "Asking…" : step === "review" ? "Yes, send it" : isReading ? "Ask" : "Review";
  return html`
    <form onSubmit=${submit}>
      ${!fields.length && html`<p class="quiet">It needs nothing more.</p>`}
      <${FormFields} fields=${fields} typed=${typed} setTyped=${(/** @type {Record<string, string>} */ next) => (setTyped(next), setStep("type"))} troubles=${troubles} />
      ${step === "review" && html`<p class="cost" role="status"><b>${method.title || method.name}</b> may change something on ${device}. Send it?</p>`}
      ${!mayDo && html`<p class="cost">You may not do this: it takes the scope “${method.scope}”.</p>`}
      <div class="actions">
        ${step === "review" && html`<button type="button" class="button is-quiet" onClick=${() => setStep("type")}>Back</button>`}
        <button type="submit" class="button is-main" disabled=${step === "sending" || !mayDo}>${word}</button>
      </div>
    </form>
    ${answer && html`<div class="answer" role="status"><h2>${answer.ok ? "Answer" : "It said no"}</h2><pre class="scroll" tabindex="0">${answer.text}</pre></div>`}
  `;
}

/** @param {{device: string, method: string, params: unknown}} call @returns {Promise<Answer>} */
async function answered(call) {
  try {
    const { result } = /** @type {{result: unknown}} */ (await post("console", call));
    return { ok: true, text: JSON.stringify(result, null, 2) ?? "null" };
  } catch (error) {
    return { ok: false, text: wordsOf(error) };
  }
}
