/** An error of the sandbox as a program (not of an emulated AWS call): a sentence for its user, and the kind for the exit code. */
export class SandboxError extends Error {
  constructor(
    readonly kind: "usage" | "port" | "stateInUse" | "unwritable" | "unreadable",
    message: string,
  ) {
    super(message);
  }
}
