/** What the verification tries, and what comes of it. */

export interface Check {
  /** Who tried: in words, with the account. */
  readonly as: string;
  /** `service:Operation`. */
  readonly action: string;
  /** ARN, or `s3://` URI. */
  readonly resource: string;
  readonly expected: "allowed" | "denied";
  /** `failed`: neither; the operation went wrong for another reason, told in `detail`. */
  readonly actual: "allowed" | "denied" | "failed";
  readonly ok: boolean;
  /** What AWS said, or what was seen. */
  readonly detail?: string;
}

export interface Attempt extends Pick<Check, "as" | "action" | "resource" | "expected"> {
  /** Does it; what it returns is shown as the detail. */
  readonly run: () => Promise<string | void>;
}
