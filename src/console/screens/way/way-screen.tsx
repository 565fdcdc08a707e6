import { EmptyPanel } from "../../parts/panels.tsx";

export default function WayScreen() {
  return (
    <>
      <h1>Way</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
