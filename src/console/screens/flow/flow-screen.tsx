import { EmptyPanel } from "../../parts/panels.tsx";

export default function FlowScreen() {
  return (
    <>
      <h1>Flow</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
