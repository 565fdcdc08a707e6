/**
 * Posts an adaptive card to a workflow of Microsoft Teams ("when a Teams webhook request is received").
 * Webhooks of Office 365 connectors, which took message cards, are no more.
 */
import * as z from "zod";
import { secretReference } from "../../schema/secret-reference.ts";
import { coverAnswer, judgeAnswered, withWords } from "../judge-answer.ts";
import { describeNotice } from "../notice-message.ts";
import { receiverKind } from "../receiver-kind.ts";
import { coverSecret, secretUrl } from "../secret-url.ts";
import { caOption, giveUpAfterOption, timeoutOption } from "./parts.ts";
import { toTeamsMessage } from "./teams-card.ts";

const teamsOptions = z.strictObject({
  kind: z.literal("teams").describe("Posts each notice to a workflow of Microsoft Teams."),
  url: secretReference.describe(
    "Where the address of the workflow is found: whoever knows it can post.",
  ),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const teams = receiverKind(teamsOptions, async (options, surroundings) => {
  const { clock, createPoster, readSecret, readText } = surroundings;
  const url = secretUrl((await readSecret(options.url)).reveal(), "teams");
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca, readsBody: true });
  const headers = { "content-type": "application/json" };
  const cover = coverSecret(url);
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const body = JSON.stringify(toTeamsMessage(describeNotice(notice)));
      const answered = coverAnswer(await post({ url, body, headers }, signal), cover);
      if (answered.kind === "answered" && isSwitchedOff(answered.body))
        return withWords(
          { kind: "failed", reason: "the workflow is switched off", misconfigured: true },
          answered.body,
        );
      return judgeAnswered(answered, clock);
    },
  };
});

/** It is answered with a status that otherwise says that the card is wrong. */
function isSwitchedOff(body: string): boolean {
  return /WorkflowTriggerIsNotEnabled|WorkflowNotFound|DirectApiAuthorizationRequired/.test(body);
}
