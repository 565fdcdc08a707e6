/** What people on this machine order a process to do, over its status socket, for the audit log. */
import type { Audit } from "../core/audit.ts";
import type { Asked, Question, Questions } from "../core/question.ts";
import { systemReason } from "../core/system-reason.ts";

/** Questions that change something; what is only asked is nobody's deed. */
const deeds: ReadonlySet<string> = new Set(["reprocess", "discard", "forget", "console-link"]);

/** The same questions; each deed is noted once, with what came of it. */
export function auditedQuestions(questions: Questions, audit: Audit): Questions {
  return Object.fromEntries(
    Object.entries(questions).map(([name, question]) => [
      name,
      deeds.has(name) ? audited(name, question, audit) : question,
    ]),
  );
}

function audited(action: string, question: Question, audit: Audit): Question {
  return async (asked) => {
    const said = {
      by: asked["by"] || "somebody here",
      from: null,
      action,
      target: targetOf(asked),
    };
    try {
      const answer = await question(asked);
      audit.note({ ...said, outcome: "done", text: asked["reason"] || outcomeIn(answer) });
      return answer;
    } catch (thrown) {
      audit.note({ ...said, outcome: "failed", text: systemReason(thrown) });
      throw thrown;
    }
  };
}

function targetOf({ device, group, id }: Asked): string | null {
  return device || group || id || null;
}

function outcomeIn(answer: object): string | null {
  return "outcome" in answer && typeof answer.outcome === "string" ? answer.outcome : null;
}
