import { EmptyPanel } from "../../parts/panels.tsx";

export default function DeadLettersScreen() {
  return (
    <>
      <h1>Dead letters</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
