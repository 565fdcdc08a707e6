import type { Check } from "../check.ts";
import { error, type Finding, ok, skipped, warning } from "../finding.ts";
import { readUnits, type Unit } from "./units.ts";

export const serviceUnit: Check = {
  id: "service.unit",
  group: "service",
  asks: "whether the services are installed, run, and start by themselves",
  explanation:
    "A service that is not enabled is not there after the next power cut: systemctl enable --now. One that failed says why in its journal: journalctl -u NAME -n 50. Exit 78 is a configuration with faults, 75 a data folder or port that somebody has, 77 a right that is missing.",
  async run(around) {
    const units = await readUnits(around);
    if (units === undefined) return [skipped("systemd cannot be asked here")];
    if (units.length > 0) return units.map(judge);
    const { names } = await around.roles();
    if (names.length === 0) return [skipped("no service is installed")];
    return [
      warning({
        what: "it runs, and is no service",
        why: "after a power cut nobody starts it",
        next: "install the package, or the unit of deploy/, then systemctl enable --now",
      }),
    ];
  },
};

function judge({ facts, name: about }: Unit): Finding {
  const [state, result] = [facts.get("ActiveState"), facts.get("Result")];
  if (state === "failed")
    return error({
      about,
      what: `it failed: ${result}, exit ${facts.get("ExecMainStatus")}`,
      why: "it does nothing until it is started again",
      next: `journalctl -u ${about} -n 50, then systemctl restart ${about}`,
    });
  const isEnabled = /^enabled|static|generated/.test(facts.get("UnitFileState") ?? "");
  if (state === "active" && !isEnabled)
    return warning({
      about,
      what: "it runs, and is not enabled",
      why: "after a power cut nobody starts it",
      next: `sudo systemctl enable ${about}`,
    });
  if (state !== "active" && isEnabled)
    return error({
      about,
      what: `it is enabled and ${state}`,
      why: "what it is for is not done",
      next: `sudo systemctl start ${about}`,
    });
  return ok(state === "active" ? `runs (${facts.get("SubState")})` : "not in use", about);
}
