import { EmptyPanel } from "../../parts/panels.tsx";

export default function SystemScreen() {
  return (
    <>
      <h1>System</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
