/** The findings of a proof, and the places that they name. */
import type { ModelDocument } from "./model";
import type { PolicyStatement } from "@feature-store-access/iam";

export type FindingKind =
  /** An intended access does not work. */
  | "broken"
  /** An access that must be refused works. */
  | "open"
  /** Anyone is let in, even without credentials. */
  | "public"
  /** An account that is not in the settings is let in. */
  | "foreignAccount"
  /** More is permitted than any intent uses. */
  | "excess"
  /** AWS would reject a document, or it cannot mean what it says. */
  | "lint"
  /** A resource that nothing can be proven about. */
  | "unknown";

export interface Place {
  /** "key policy of writer.writer-key", statement 3 "Allow use of the key". */
  readonly document?: string;
  readonly statement?: string;
  /** File and line that register the resource. */
  readonly code?: string;
  /** Key of the settings. */
  readonly setting?: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** One sentence that names who, what and which resource. */
  readonly says: string;
  /** Further lines: documents that lack an allow, statements that allow it. */
  readonly why: readonly string[];
  readonly places: readonly Place[];
  /** A sentence in the imperative. */
  readonly advice?: string;
}

/** The place of a document, or of one of its statements. */
export function placeOf(document: ModelDocument, index?: number, statement?: PolicyStatement): Place {
  return {
    document: document.name,
    ...(index === undefined ? {} : { statement: statementName(index, statement) }),
    ...(document.code === undefined ? {} : { code: document.code }),
  };
}

/** `statement 2 "ReadResults"`. */
export function statementName(index: number, statement?: PolicyStatement): string {
  return `statement ${index + 1}${statement?.Sid === undefined ? "" : ` "${statement.Sid}"`}`;
}

/** "key policy of writer.writer-key, statement 3 "Allow use of the key" (components/...:12)". */
export function placeWords({ document, statement, code, setting }: Place): string {
  const named = [document, statement].filter((part) => part !== undefined).join(", ");
  const at = [code, setting].filter((part) => part !== undefined).join("; ");
  return at === "" ? named : named === "" ? at : `${named} (${at})`;
}
