/** `data` of an answer of bk-job, as JSON.parse gives it. */
export type WireData = Readonly<Record<string, unknown>>;
/** A member of the answer. */
export type Answer = Readonly<Record<string, unknown>>;
/** Every field that is a value, of the job, its steps and their hosts. */
export function everything(data: WireData, bizId: string): Answer;
/** The same, but of hosts no more than bk-job sends. */
export function everythingSent(data: WireData, bizId: string): Answer;
/** The hosts of code 11. */
export function failedHosts(data: WireData): Answer;
/** A job and its steps in few words. */
export function brief(data: WireData): Answer;
