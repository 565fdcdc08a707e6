/** Whether somebody can see the page: a tab behind others, or a browser that is put away, is not seen. */
import { useEffect, useState } from "preact/hooks";

export function useIsSeen(): boolean {
  const [isSeen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const look = (): void => setSeen(!document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isSeen;
}
