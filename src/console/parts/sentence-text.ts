/** What a server says, as a sentence: it begins large, unless with a command, and ends. Pure. */
export function sentence(text: string): string {
  const isCommand = text.startsWith("sluicegate ");
  const start = isCommand ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
