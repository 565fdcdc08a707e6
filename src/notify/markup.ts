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

/**
 * Slack knows three escapes and shows any other as it stands. What takes the same as Slack calls everybody
 * for `@channel`, also where a device is named so: a space of no width stands behind that sign.
 */
export function escapeSlack(text: string): string {
  return text
    .replace(/[&<>]/g, (mark) => marks[mark] ?? mark)
    .replace(/@(?=(?:all|channel|everyone|here)\b)|(?<![\w.-])@(?=\w)/gi, "@\u200b");
}
