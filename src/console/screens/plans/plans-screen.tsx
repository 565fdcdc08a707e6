import { EmptyPanel } from "../../parts/panels.tsx";

export default function PlansScreen() {
  return (
    <>
      <h1>Plans</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
