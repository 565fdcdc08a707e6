import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, warning } from "../finding.ts";

interface Told {
  readonly name: string;
  readonly trouble: string | undefined;
  readonly waiting: number;
  readonly lost: number;
}

export const receiversFailing: Check = {
  id: "receivers.failing",
  group: "receivers",
  asks: "whether receivers took what they were told last",
  explanation:
    "What a receiver does not take is tried again for as long as give_up_after says, then it is a dead letter: sluicegate notify dlq ls shows them, notify dlq resend tells of them after all. Refused for ever: the address, the credentials or the form of the notice is wrong.",
  async run({ roles }) {
    const { gateway, notifier } = await roles();
    const told: Told[] = [
      ...(notifier?.receivers ?? []).map(({ deadLetters, failing, name, waiting }) => {
        return { name, trouble: failing?.reason, waiting, lost: deadLetters };
      }),
      ...(gateway?.edgeRules?.receivers ?? []).map(({ givenUp, name, trouble, waiting }) => {
        return { name, trouble, waiting, lost: givenUp };
      }),
    ];
    return told.map(judge);
  },
};

function judge({ lost, name: about, trouble, waiting }: Told): Finding {
  if (trouble !== undefined)
    return error({
      about,
      what: `${trouble}; ${counted(waiting, "change")} of alerts wait`,
      why: "people are not told now",
      next: `sluicegate notify test ${about}`,
    });
  if (lost > 0)
    return warning({
      about,
      what: `${counted(lost, "dead letter")} since the start`,
      why: "somebody was never told of these",
      next: "sluicegate notify dlq ls",
    });
  return ok("took what it was told", about);
}
