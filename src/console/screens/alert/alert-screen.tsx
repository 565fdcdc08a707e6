import { EmptyPanel } from "../../parts/panels.tsx";

export default function AlertScreen() {
  return (
    <>
      <h1>Alert</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
