import { EmptyPanel } from "../../parts/panels.tsx";

export default function LiveScreen() {
  return (
    <>
      <h1>Live</h1>
      <EmptyPanel title="Nothing is shown here yet." />
    </>
  );
}
