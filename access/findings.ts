/** What a proof finds wrong. */
import type { ModelDocument } from "./model";
import type { PolicyStatement } from "@feature-store-access/iam";

export type FindingKind =
  /** An intended access does not work. */
  | "broken"
  /** What must not be possible is. */
  | "open"
  /** Anyone, without credentials, is let in. */
  | "public"
  /** An account that is in no settings is let in. */
  | "foreignAccount"
  /** More is granted than any intent uses. */
  | "excess"
  /** A document that AWS would not take, or that says what it cannot mean. */
  | "lint"
  /** Something that nothing can be proven about. */
  | "unknown";

export interface Place {
  /** "key policy of writer.writer-key", statement 3 "Allow use of the key". */
  readonly document?: string;
  readonly statement?: string;
  /** File and line that make the resource. */
  readonly code?: string;
  /** Key of the settings. */
  readonly setting?: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** One sentence that names who, what and which resource. */
  readonly says: string;
  /** Further lines: the sides that are missing, the statements that grant it. */
  readonly why: readonly string[];
  readonly places: readonly Place[];
  /** What to do. */
  readonly advice?: string;
}

/** Where a statement stands, for a reader. */
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
