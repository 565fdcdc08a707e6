/** Saves the messages of all groups as lines of JSON. */
import { useState } from "preact/hooks";
import { Icon } from "../../parts/icon.tsx";
import { ask } from "../../state/ask.ts";
import { toast } from "../../state/toasts.ts";
import { type Letters, ndjsonOf } from "./letters.ts";

const mostOfGroup = 100;

export function ExportButton({ keys }: { readonly keys: readonly string[] }) {
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    let count = 0;
    const texts: string[] = [];
    for (const key of keys) {
      const answer = await ask<Letters>(`/dead-letters/${encodeURIComponent(key)}`, {
        limit: mostOfGroup,
      });
      if (answer.ok) {
        texts.push(ndjsonOf(answer.value.messages));
        count += answer.value.messages.length;
      } else toast(`Not all could be saved: ${answer.problem.title}`, { isFailure: true });
    }
    download(texts.join(""));
    toast(`${count} messages saved, up to ${mostOfGroup} of each group`);
    setBusy(false);
  };
  return (
    <button type="button" class="button" disabled={isBusy} onClick={save}>
      <Icon name="save" /> Export
    </button>
  );
}

function download(text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = "dead-letters.ndjson";
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
