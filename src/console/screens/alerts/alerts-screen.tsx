import { EmptyPanel } from "../../parts/panels.tsx";

export default function AlertsScreen() {
  return (
    <>
      <h1>Alerts</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
