/**
 * Questions to the gateway that are not the live stream.
 *
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {Record<string, string | number>} Query
 */

const JSON_HEADERS = { "Content-Type": "application/json" };

/** An answer that says no. `problem` is the gateway's own account of it. */
export class Declined extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** @param {string} path @param {Query} [query] */
export function addressOf(path, query = {}) {
  const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
  return `/api/v1/${path}${text && `?${text}`}`;
}

/**
 * @template T
 * @param {string} path
 * @param {Query} [query]
 * @returns {Promise<T>}
 */
export async function ask(path, query) {
  return answerOf(await fetch(addressOf(path, query), { cache: "no-store" }));
}

/**
 * @template T
 * @param {string} path
 * @param {unknown} [body]
 * @param {"POST" | "PUT" | "DELETE"} [method]
 * @returns {Promise<T>}
 */
export async function post(path, body = {}, method = "POST") {
  const content = method === "DELETE" ? {} : { headers: JSON_HEADERS, body: JSON.stringify(body) };
  return answerOf(await fetch(addressOf(path), { method, ...content }));
}

/** @param {Response} response */
async function answerOf(response) {
  if (response.status === 204) return null;
  const body = await response.json().catch(() => ({ title: response.statusText, status: response.status, detail: "" }));
  if (!response.ok) throw new Declined(body);
  return body;
}

/** Why a question was not answered, in words. @param {unknown} error */
export function wordsOf(error) {
  return error instanceof Declined ? error.message : "Ohmstead does not answer.";
}

/** Whether this gateway has never heard of what was asked. @param {unknown} error */
export function isUnknown(error) {
  return error instanceof Declined && (error.problem.status === 404 || error.problem.status === 405);
}
