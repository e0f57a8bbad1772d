import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusals.ts';

/** What browsers let no page send elsewhere without asking there first; Apollo Server looks for the same. */
const askedFor = ['x-apollo-operation-name', 'apollo-require-preflight'] as const;

/** Types that a page may send without that. */
const typesOfForms = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** What browsers say of themselves, whatever a page would have them say. Gateways ask for streams by GET, too. */
function comesFromBrowser(headers: IncomingHttpHeaders): boolean {
  const { origin, cookie, 'sec-fetch-site': site, 'user-agent': agent } = headers;
  return (
    [origin, cookie, site].some((value) => value !== undefined) || agent?.startsWith('Mozilla/') === true
  );
}

/**
 * Refuses a GET that any page could have the browser of its reader send, with their cookies or where nobody need sign
 * in: by the rules of Apollo Server (`csrfPrevention`) and in its words, for what Apollo Server does not see.
 */
export function assertNoPageCouldSend(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.split(';', 1)[0]?.trimEnd().toLowerCase();
  const isOfForm = type === undefined || typesOfForms.includes(type);
  const isAskedFor = askedFor.some((name) => (headers[name] ?? '') !== '');
  if (isOfForm && !isAskedFor && comesFromBrowser(headers)) {
    throw new Refusal(
      400,
      `This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Please either specify a 'content-type' header (with a type that is not one of ${typesOfForms.join(', ')}) or provide a non-empty value for one of the following headers: ${askedFor.join(', ')}\n`,
    );
  }
  // Some browsers were found to let odd types pass.
  if (type !== undefined && type !== 'application/json') {
    throw new Refusal(415, 'GET requests may not have a content-type header other than application/json.');
  }
}
