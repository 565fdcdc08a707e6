/** Asks once more before a command leaves. */
import { useState } from "preact/hooks";
import type { CommandMade } from "../../../api/shapes/command.ts";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { spanText } from "../../parts/time-text.ts";
import { callText } from "./command-words.ts";
import { type Order, sendCommand } from "./send-command.ts";

interface SendDialogProps {
  readonly order: Order;
  readonly command: DevicePage["commands"][number];
  /** Its name, which is typed for what is dangerous. */
  readonly device: string;
  readonly onClose: () => void;
}

const minuteMs = 60_000;
const validities = [minuteMs, 10 * minuteMs, 60 * minuteMs, 24 * 60 * minuteMs];

export function SendDialog({ command, device, onClose, order }: SendDialogProps) {
  const [validForMs, setValidForMs] = useState<number>();
  const wish = { ...order, ...(validForMs !== undefined && { validForMs }) };
  return (
    <ActionDialog<CommandMade>
      title={`Send ${command.name} to ${device}`}
      verb="Send"
      reason="optional"
      isDangerous={command.dangerous}
      {...(command.dangerous && { typed: device })}
      says={
        <>
          <p>
            The gateway sends <code class="device-command-call">{callText(order)}</code> to{" "}
            <bdi>{device}</bdi> as soon as it can.
          </p>
          <p class="soft">
            {command.timeoutMs === null
              ? "The device does not answer, so it ends when it was sent."
              : `It ends with the answer of the device, which is waited for ${spanText(command.timeoutMs)}.`}
          </p>
        </>
      }
      act={(reason) => sendCommand(command.dangerous ? { ...wish, confirm: device } : wish, reason)}
      done={({ event }) => `${command.name} is on its way to ${device}; event ${event}`}
      onClose={onClose}
    >
      <Field label="Valid for" hint="Where the device is away, it waits for so long.">
        {(input) => (
          <select
            {...input}
            onChange={({ currentTarget: { value } }) =>
              setValidForMs(value === "" ? undefined : Number(value))
            }
          >
            <option value="">as its profile says</option>
            {validities.map((ms) => (
              <option key={ms} value={ms}>
                {spanText(ms)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </ActionDialog>
  );
}
