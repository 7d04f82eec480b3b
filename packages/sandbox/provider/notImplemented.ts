/** The error for a feature that this provider does not have. */
export function notImplemented(what: string): string {
  return `the sandbox's provider does not implement ${what}; use SANDBOX_PROVIDER=aws for the real provider`;
}
