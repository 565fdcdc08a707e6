/** What a device can be told, and what became of what it was told. */
import { useState } from "preact/hooks";
import type { CommandRow } from "../../../api/shapes/command.ts";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { may } from "../../state/session.ts";
import { CommandForm } from "./command-form.tsx";
import { CommandItem } from "./command-item.tsx";
import { useCommands } from "./send-command.ts";
import { SendDialog } from "./send-dialog.tsx";

export function CommandsTab({ page }: { readonly page: DevicePage }) {
  const { again: askAgain, commands, problem } = useCommands(page.row.key);
  const [again, setAgain] = useState<CommandRow>();
  const declared = page.commands.find(({ name }) => name === again?.name);
  return (
    <div class="device-commands">
      {may("operator") && page.commands.length > 0 && <CommandForm page={page} />}
      {again && declared && (
        <SendDialog
          order={{ device: again.deviceKey, name: again.name, params: again.params }}
          command={declared}
          device={again.device}
          onClose={() => setAgain(undefined)}
        />
      )}
      {problem && <ErrorPanel problem={problem} again={askAgain} />}
      {!commands && !problem && <LoadingPanel what="Loading commands" />}
      {commands?.length === 0 && <NoCommands page={page} />}
      <ol class="device-orders" aria-label="What it was told, the newest first">
        {commands?.map((row) => (
          <li key={row.id} class="card">
            <CommandItem
              row={row}
              canAgain={may("operator") && page.commands.some((one) => one.name === row.name)}
              onAgain={() => setAgain(row)}
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
