/** What is wrong with one of several, or that nothing is. */
import { Pill } from "../../parts/pill.tsx";

export function Trouble({ trouble }: { readonly trouble: string | null }) {
  if (trouble === null) return <Pill word="ok" icon="ok" isPlain />;
  return (
    <>
      <Pill word="trouble" icon="warning" tone="warning" isPlain />
      <span class="system-small">{trouble}</span>
    </>
  );
}
