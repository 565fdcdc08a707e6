/** How all is, in one look. */
import { LoadingPanel } from "../../parts/panels.tsx";
import { useTopic } from "../../state/live.ts";

export default function OverviewScreen() {
  const status = useTopic<object>("status");
  return (
    <>
      <h1>Overview</h1>
      {status.isLoaded ? <pre>{JSON.stringify([...status.rows], null, 2)}</pre> : <LoadingPanel />}
    </>
  );
}
