/** What a device can be told, and what became of what it was told. */
import { useState } from "preact/hooks";
import type { CommandRow } from "../../../api/shapes/command.ts";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import type { Typed } from "../../parts/typed-params.ts";
import { may } from "../../state/session.ts";
import { CommandForm } from "./command-form.tsx";
import { CommandItem } from "./command-item.tsx";
import { useCommands } from "./send-command.ts";

/** What stands in the form. */
export interface Draft {
  readonly name: string;
  readonly typed: Typed;
}

export function CommandsTab({ page }: { readonly page: DevicePage }) {
  const { again, commands, problem } = useCommands(page.row.key);
  const [draft, setDraft] = useState<Draft>();
  const name = draft?.name ?? page.commands[0]?.name ?? "";
  const sendAgain = (row: CommandRow): void => {
    const typed = new Map(Object.entries(row.params).map(([key, value]) => [key, String(value)]));
    setDraft({ name: row.name, typed });
    document.getElementById("send")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div class="device-commands">
      {may("operator") && page.commands.length > 0 && (
        <CommandForm page={page} draft={draft ?? { name, typed: new Map() }} onDraft={setDraft} />
      )}
      {problem && <ErrorPanel problem={problem} again={again} />}
      {!commands && !problem && <LoadingPanel what="Loading commands" />}
      {commands?.length === 0 && <NoCommands page={page} />}
      <ol class="commands" aria-label="Commands, the newest first">
        {commands?.map((row) => (
          <li key={row.id} class="card">
            <CommandItem
              row={row}
              canAgain={may("operator") && page.commands.some((one) => one.name === row.name)}
              onAgain={() => sendAgain(row)}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

function NoCommands({ page }: { readonly page: DevicePage }) {
  if (page.commands.length > 0) return <EmptyPanel title="It was not told anything yet." />;
  return (
    <EmptyPanel title="Nothing can be sent to it.">
      <p>
        {page.row.profile === null
          ? "It has no profile, and commands are declared in those."
          : `Its profile ${page.row.profile} declares no commands.`}
      </p>
    </EmptyPanel>
  );
}
