import { EmptyPanel } from "../../parts/panels.tsx";

export default function DevicesScreen() {
  return (
    <>
      <h1>Devices</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
