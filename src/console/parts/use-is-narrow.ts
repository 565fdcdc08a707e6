/** Whether the page is as narrow as a phone, where tables are cards and filters a sheet. */
import { useEffect, useState } from "preact/hooks";

const narrow = "(max-width: 639px)";

export function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(narrow).matches);
  useEffect(() => {
    const query = matchMedia(narrow);
    const look = (): void => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return isNarrow;
}
