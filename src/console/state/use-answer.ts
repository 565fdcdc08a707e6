/** What a screen asks the server for, kept while it is looked at. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../api/problem.ts";
import { ask } from "./ask.ts";

export interface Asked<T> {
  /** The newest answer; stays while the same is asked again, so that nothing flickers. */
  readonly value: T | undefined;
  /** Why the newest question had no answer. */
  readonly problem: Problem | undefined;
  readonly isAsking: boolean;
  /** Asks once more. */
  again(): void;
}

/** Asks when it is shown first and whenever what it asks changes; `path` undefined asks nothing. */
export function useAnswer<T>(
  path: string | undefined,
  query: Readonly<Record<string, string | number | boolean | undefined>> = {},
): Asked<T> {
  const question = path === undefined ? undefined : JSON.stringify([path, query]);
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<{
    question: string | undefined;
    value: T | undefined;
    problem: Problem | undefined;
    isAsking: boolean;
  }>({ question, value: undefined, problem: undefined, isAsking: path !== undefined });

  // `question` is the path and the query.
  useEffect(() => {
    if (path === undefined) return;
    const stop = new AbortController();
    setFound((last) => ({
      question,
      value: last.question === question ? last.value : undefined,
      problem: last.question === question ? last.problem : undefined,
      isAsking: true,
    }));
    void ask<T>(path, query, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      setFound((last) =>
        answer.ok
          ? { question, value: answer.value, problem: undefined, isAsking: false }
          : { ...last, question, problem: answer.problem, isAsking: false },
      );
    });
    return () => stop.abort();
  }, [question, round]);

  const isOfThis = found.question === question;
  return {
    value: isOfThis ? found.value : undefined,
    problem: isOfThis ? found.problem : undefined,
    isAsking: isOfThis ? found.isAsking : path !== undefined,
    again: () => setRound((last) => last + 1),
  };
}
