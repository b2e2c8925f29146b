/**
 * Questions to the gateway that are not the live stream.
 *
 * @typedef {import("./types.js").Problem} Problem
 */

/** An answer that says no. `problem` is the gateway's own account of it. */
export class Declined extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/**
 * @template T
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 * @returns {Promise<T>}
 */
export async function ask(path, query = {}) {
  const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
  return answerOf(await fetch(`/api/v1/${path}${text && `?${text}`}`, { cache: "no-store" }));
}

/**
 * @template T
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<T>}
 */
export async function post(path, body) {
  return answerOf(
    await fetch(`/api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** @param {Response} response */
async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Declined(body);
  return body;
}
