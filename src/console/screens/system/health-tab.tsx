/** What is well and what is not, with what to do. */
import type { HealthCheck } from "../../../api/shapes/system.ts";
import { Pill } from "../../parts/pill.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { AskedPart } from "./asked-part.tsx";

const verdicts = {
  error: { word: "error", icon: "critical", tone: "critical" },
  warning: { word: "warning", icon: "warning", tone: "warning" },
  ok: { word: "ok", icon: "ok", tone: "normal" },
} as const;
const order = ["error", "warning", "ok"] as const;

export function HealthTab() {
  const asked = useAnswer<{ readonly checks: readonly HealthCheck[] }>("/doctor");
  return (
    <AskedPart asked={asked} what="its health">
      {({ checks }) => (
        <>
          <div class="system-tools">
            <p>{summaryOf(checks)}</p>
            <button type="button" class="button" disabled={asked.isAsking} onClick={asked.again}>
              Run again
            </button>
          </div>
          <ul class="system-checks">
            {order.flatMap((verdict) =>
              checks
                .filter((check) => check.verdict === verdict)
                .map(({ advice, name, text }) => (
                  <li key={`${name} ${text}`} class="card">
                    <Pill {...verdicts[verdict]} />
                    <div>
                      <h2>{name}</h2>
                      <p>{text}</p>
                      {advice !== "" && <p class="system-advice">{advice}</p>}
                    </div>
                  </li>
                )),
            )}
          </ul>
        </>
      )}
    </AskedPart>
  );
}

function summaryOf(checks: readonly HealthCheck[]): string {
  const count = (verdict: HealthCheck["verdict"]): number =>
    checks.filter((check) => check.verdict === verdict).length;
  const bad = count("error") + count("warning");
  if (bad === 0) return `All ${checks.length} checks are well.`;
  const [errors, warnings, well] = [count("error"), count("warning"), count("ok")];
  return `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${well} of ${checks.length} checks well.`;
}
