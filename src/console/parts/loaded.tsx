/** Something that is loaded when it is shown first: a screen, or a chart with its library. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ErrorPanel, LoadingPanel } from "./panels.tsx";

interface LoadedProps<P> {
  /** The same function for the same thing. */
  readonly load: () => Promise<{ readonly default: ComponentType<P> }>;
  readonly props: P;
}

export function Loaded<P extends object>({ load, props }: LoadedProps<P>) {
  const [found, setFound] = useState<{
    readonly load: LoadedProps<P>["load"];
    readonly Part?: ComponentType<P>;
  }>();
  useEffect(() => {
    let isGone = false;
    load().then(
      ({ default: Part }) => isGone || setFound({ load, Part }),
      () => isGone || setFound({ load }),
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  if (found?.load !== load) return <LoadingPanel />;
  if (found.Part) return <found.Part {...props} />;
  return (
    <ErrorPanel
      problem={{
        status: 0,
        code: "part.not-loaded",
        title: "this part of the page did not load",
        advice: "The program was perhaps replaced by a newer one: load the page anew.",
      }}
      again={() => location.reload()}
    />
  );
}
