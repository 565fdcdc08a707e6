/** What somebody may do whose command found no backbone. */
export const noServerAdvice =
  "start one (sluicegate up, where backbone.servers names none), or name another with --nats";
