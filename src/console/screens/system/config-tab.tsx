/** The configuration that is in force, with where each value comes from; and a check of another one. */
import { useMemo } from "preact/hooks";
import type { ConfigLine } from "../../../api/shapes/system.ts";
import { SearchField } from "../../parts/filters.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { queryPart } from "../../state/place.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { AskedPart } from "./asked-part.tsx";
import { CheckConfig } from "./check-config.tsx";

export function ConfigTab() {
  const asked = useAnswer<{ readonly lines: readonly ConfigLine[] }>("/config");
  return (
    <AskedPart asked={asked} what="its configuration">
      {({ lines }) => (
        <>
          <p class="soft">
            It is changed in its files: edit them, then run <code>sluicegate reload</code>. Secrets
            are not shown.
          </p>
          <div class="system-tools">
            <SearchField label="Filter options" placeholder="option, value or file" />
          </div>
          <Lines lines={lines} />
          <CheckConfig />
        </>
      )}
    </AskedPart>
  );
}

function Lines({ lines }: { readonly lines: readonly ConfigLine[] }) {
  const filter = (queryPart("filter") ?? "").toLowerCase();
  const shown = useMemo(
    () =>
      lines.filter(({ origin, path, value }) =>
        `${path} ${value} ${origin}`.toLowerCase().includes(filter),
      ),
    [lines, filter],
  );
  if (shown.length === 0) return <p class="soft">No option fits the filter.</p>;
  return (
    <PlainTable
      label="Options"
      heads={["Option", "Value", "Origin"]}
      rows={shown}
      keyOf={({ path }) => path}
      cells={({ origin, path, value }) => [
        <code>{path}</code>,
        <code>{value}</code>,
        <span class={origin === "default" ? "faint" : ""}>{origin}</span>,
      ]}
    />
  );
}
