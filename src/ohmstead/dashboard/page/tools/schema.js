/**
 * Forms from JSON Schema: what is to be asked, and what the typed text means. Pure.
 *
 * @typedef {import("../types.js").Schema} Schema
 * @typedef {import("../types.js").Settings} Settings
 * @typedef {"text" | "number" | "integer" | "yes" | "choice" | "json"} Kind
 * @typedef {object} Field
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {Kind} kind
 * @property {boolean} isRequired
 * @property {string} initial  As text; "" where there is no default.
 * @property {import("../types.js").Value[]} options  Of a choice.
 * @property {number | null} low
 * @property {number | null} high
 */
import { capital, words } from "../base/format.js";

/** @param {Schema | undefined} schema @returns {Field[]} */
export function fieldsOf(schema) {
  if (!schema) return [];
  const whole = resolved(schema, schema);
  const required = new Set(whole.required ?? []);
  return Object.entries(whole.properties ?? {})
    .filter(([, raw]) => !raw.readOnly)
    .map(([name, raw]) => fieldOf(name, raw, schema, required.has(name)));
}

/** @param {string} name @param {Schema} raw @param {Schema} root @param {boolean} isRequired @returns {Field} */
function fieldOf(name, raw, root, isRequired) {
  const found = resolved(raw, root);
  const initial = raw.default ?? found.default;
  return {
    name,
    title: capital(words(raw.title ?? name)),
    about: raw.description ?? found.description ?? "",
    kind: kindOf(found),
    isRequired,
    initial: initial === undefined || initial === null ? "" : typeof initial === "object" ? JSON.stringify(initial) : String(initial),
    options: found.enum ?? [],
    low: found.minimum ?? null,
    high: found.maximum ?? null,
  };
}

/** Behind its references, and without the "or nothing" of a value that may be left out. @param {Schema} schema @param {Schema} root @returns {Schema} */
function resolved(schema, root) {
  if (schema.$ref) return resolved(root.$defs?.[schema.$ref.split("/").at(-1) ?? ""] ?? {}, root);
  const some = (schema.anyOf ?? []).filter((one) => one.type !== "null");
  return some.length === 1 ? resolved(some[0], root) : schema;
}

/** @param {Schema} schema @returns {Kind} */
function kindOf(schema) {
  if (schema.enum) return "choice";
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (type === "boolean") return "yes";
  if (type === "number" || type === "integer") return type;
  return type === "string" ? "text" : "json";
}

/**
 * What was typed, as values; fields that were left empty are left out.
 * @param {Field[]} fields
 * @param {Record<string, string>} typed
 * @returns {{values: Settings, troubles: Record<string, string>}}
 */
export function valuesOf(fields, typed) {
  /** @type {Settings} */
  const values = {};
  /** @type {Record<string, string>} */
  const troubles = {};
  for (const field of fields) {
    const text = typed[field.name] ?? field.initial;
    if (text === "") {
      if (field.isRequired) troubles[field.name] = `${field.title} is needed.`;
      continue;
    }
    const value = parsed(field, text);
    if (value === undefined) troubles[field.name] = WRONG[field.kind];
    else values[field.name] = value;
  }
  return { values, troubles };
}

/** @type {Record<Kind, string>} */
const WRONG = {
  text: "",
  number: "This is to be a number.",
  integer: "This is to be a whole number.",
  yes: "",
  choice: "This is none of the choices.",
  json: "This is to be JSON, such as [1, 2] or {\"a\": 1}.",
};

/** Undefined: it makes no sense. @param {Field} field @param {string} text */
function parsed({ kind, options, low, high }, text) {
  if (kind === "text") return text;
  if (kind === "yes") return text === "true";
  if (kind === "choice") return options.find((option) => String(option) === text);
  if (kind === "json") return json(text);
  const number = Number(text);
  const isFine = Number.isFinite(number) && (low ?? -Infinity) <= number && number <= (high ?? Infinity) && (kind === "number" || Number.isInteger(number));
  return isFine ? number : undefined;
}

/** @param {string} text */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
