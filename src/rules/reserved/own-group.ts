import { ruleSchema } from "../language/rule-schema.ts";
import type { RuleGroup } from "../rule.ts";
import { type ReservedRules, reservedGroup } from "./reserved-rules.ts";

/** Those of our rules that a rule file could say as well, to be judged like all that do. */
export function ownGroups({ deviceSilent }: ReservedRules): readonly RuleGroup[] {
  if (!deviceSilent) return [];
  const { intervals, severity } = deviceSilent;
  const silent = ruleSchema.parse({
    alert: "DeviceSilent",
    select: {},
    condition: { absent: { intervals } },
    severity,
    suppressed_by: [{ alert: "GatewayOffline", equal: ["site", "gateway"] }],
    annotations: {
      summary: `{{ device.name }} has said nothing for ${intervals} intervals by {{ started_at }}`,
    },
  });
  return [{ name: reservedGroup, labels: {}, zone: "UTC", rules: [silent] }];
}
