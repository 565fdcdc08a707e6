/** What `sluicegate help exit-codes` prints. */
export const exitCodesText = `What a command ends with

  0    done; healthy; valid. Warnings alone are 0, --strict makes them 1
  1    the answer is no: a file has faults, a test failed, something is left, it was refused
  2    wrong command line
  3    nothing answers: no process, no backbone, no database, or there is no nats-server program
  4    not found: device, alert, id
  5    conflict: somebody was faster, or another process has it
  6    not allowed: this user, these credentials, this token
  7    not in time
  70   a fault of sluicegate itself
  74   the disk or standard output fails
  78   the configuration is invalid, or the data is of a later version
  130  Ctrl-C before it was done; run, up, tap and sim are done by it
  141  nobody reads what it prints

send --wait says how the command ended: 0 done, 7 not yet, 10 refused, 11 failed, 12 expired,
13 cancelled, 14 timed out, 15 nobody knows.

run and up tell a service whether starting again can help: 75 (in place of 3 and 5) an address or
the data folder is in use, 77 (in place of 6) this user may not. With 2, 77 and 78 the service
stays down until a person acts.

A message ends with its code in brackets; sluicegate explain CODE says more.
`;
