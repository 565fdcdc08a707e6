import { neverKept, securityHeaders } from "../security-headers.ts";

const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>sluicegate</title>
<h1>The page is not built</h1>
<p>This sluicegate runs from its sources, and the files of the console are not there.
Run <code>npm run build</code> in its folder, then start it again.</p>
<p>The HTTP API below <code>/api/v1</code> is served.</p>
</html>
`;

/** Says how the page comes to be, where it is not. */
export function missingPage(): Response {
  const headers = { ...securityHeaders, ...neverKept, "content-type": "text/html; charset=utf-8" };
  return new Response(text, { status: 503, headers });
}
