/** The event as it is stored. */
import { CopyButton } from "../../parts/copy-button.tsx";

export function WayJson({ data }: { readonly data: unknown }) {
  const text = JSON.stringify(data, null, 2) ?? "";
  return (
    <details class="way-json">
      <summary>The event as it is stored</summary>
      <CopyButton text={text} what="the event" />
      <pre>{text}</pre>
    </details>
  );
}
