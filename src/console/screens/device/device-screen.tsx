import { EmptyPanel } from "../../parts/panels.tsx";

export default function DeviceScreen() {
  return (
    <>
      <h1>Device</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
