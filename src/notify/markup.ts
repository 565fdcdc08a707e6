/** Text inside markup: HTML, what Telegram takes of it, and Slack's. */

const marks: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text that is nothing but text between tags and in attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => marks[mark] ?? mark);
}

/** Slack knows three escapes and shows any other as it stands. */
export function escapeSlack(text: string): string {
  return text.replace(/[&<>]/g, (mark) => marks[mark] ?? mark);
}
