/** What a tab asks for: on its way, not known here, failed, or there. */
import type { ComponentChildren } from "preact";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import type { Asked } from "../../state/use-answer.ts";

interface AskedPartProps<T> {
  readonly asked: Asked<T>;
  /** What this process may not know: `streams`. */
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}

export function AskedPart<T>({ asked, what, children }: AskedPartProps<T>) {
  const { again, problem, value } = asked;
  if (value !== undefined)
    return (
      <>
        {problem && <ErrorPanel problem={problem} again={again} />}
        {children(value)}
      </>
    );
  if (!problem) return <LoadingPanel what={`Looking at ${what}`} />;
  if (problem.status !== 404) return <ErrorPanel problem={problem} again={again} />;
  return (
    <EmptyPanel title={`This process knows nothing of ${what}.`} icon="system">
      <p>A process with the role console does: its page shows them.</p>
    </EmptyPanel>
  );
}
