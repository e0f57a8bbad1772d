/** A request to the upstream as a value, before anything is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, below the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}
