import type { DocumentPlace } from "./types";

/** A policy document that IAM would reject. It decides nothing: evaluation ends with this error. */
export class PolicyError extends Error {
  constructor(
    readonly place: DocumentPlace,
    /** Index of the statement; undefined if the document as a whole is wrong. */
    readonly statement: number | undefined,
    problem: string,
  ) {
    const where = `${place.kind} policy ${place.index}${place.level === undefined ? "" : ` of level ${place.level}`}`;
    super(`${where}${statement === undefined ? "" : `, statement ${statement}`}: ${problem}`);
    this.name = "PolicyError";
  }
}
