/** Preact's hooks as the page uses them, the one this version lacks, and one of our own. */
export { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/htm-preact.module.js";
import { useEffect, useState } from "../../vendor/htm-preact.module.js";

let count = 0;

/** An id for one element of one component, for labels. */
export function useId() {
  const [id] = useState(() => `id-${(count += 1)}`);
  return id;
}

/** Whether the page is as narrow as a phone; drawn anew when that changes. */
export function useNarrow() {
  const [query] = useState(() => matchMedia("(max-width: 560px)"));
  const [isNarrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return isNarrow;
}
