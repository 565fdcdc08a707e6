/** An answer that is asked for anew while it is looked at. */
import { useEffect } from "preact/hooks";
import { type Asked, useAnswer } from "../../state/use-answer.ts";

const everyMs = 5_000;

export function useRenewed<T>(path: string): Asked<T> {
  const asked = useAnswer<T>(path);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) asked.again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [path]);
  return asked;
}
