/** Asks once more before a command leaves. */
import type { DevicePage } from "../../../api/shapes/device.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { spanText } from "../../parts/time-text.ts";
import { callText } from "./command-words.ts";
import { type Order, type SentCommand, sendCommand } from "./send-command.ts";

interface SendDialogProps {
  readonly order: Order;
  readonly command: DevicePage["commands"][number];
  /** Its name, which is typed for what is dangerous. */
  readonly device: string;
  readonly onClose: () => void;
}

export function SendDialog({ command, device, onClose, order }: SendDialogProps) {
  return (
    <ActionDialog<SentCommand>
      title={`Send ${command.name} to ${device}`}
      verb="Send"
      reason="optional"
      isDangerous={command.dangerous}
      {...(command.dangerous && { typed: device })}
      says={
        <>
          <p>
            The gateway sends <code class="command-call">{callText(order)}</code> to{" "}
            <bdi>{device}</bdi> as soon as it can.
          </p>
          <p class="soft">
            {command.timeoutMs === null
              ? "The device does not answer, so it ends when it was sent."
              : `It ends with the answer of the device, which is waited for ${spanText(command.timeoutMs)}.`}
          </p>
        </>
      }
      act={(reason) =>
        sendCommand(command.dangerous ? { ...order, confirm: device } : order, reason)
      }
      done={({ event }) => `${command.name} is on its way to ${device}; event ${event}`}
      onClose={onClose}
    />
  );
}
