import { connect } from "node:net";
import { systemReason } from "../../core/system-reason.ts";
import type { DoctorSurroundings } from "./check.ts";

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (ECONNREFUSED)",
  EHOSTUNREACH: "there is no way to it (EHOSTUNREACH)",
  ENETUNREACH: "this machine has no way to its network (ENETUNREACH)",
  ENOTFOUND: "its name has no address (ENOTFOUND)",
  EAI_AGAIN: "names cannot be resolved now (EAI_AGAIN)",
};

/** Opens a connection and closes it again, with nothing said; why it could not be opened, in words. */
export function reach(
  { host, port }: { readonly host: string; readonly port: number },
  { clock, patienceMs, signal }: Pick<DoctorSurroundings, "clock" | "patienceMs" | "signal">,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (failure: string | undefined): void => {
      timer.cancel();
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(failure);
    };
    const stop = (): void => end("stopped");
    const timer = clock.setTimer(patienceMs, () =>
      end(`no answer from ${host}:${port} in ${patienceMs / 1_000} s`),
    );
    signal.addEventListener("abort", stop, { once: true });
    socket.once("connect", () => end(undefined));
    socket.on("error", (failure: NodeJS.ErrnoException) =>
      end(`${host}:${port}: ${meanings[failure.code ?? ""] ?? systemReason(failure)}`),
    );
  });
}
