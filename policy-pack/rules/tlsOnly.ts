/** Buckets refuse requests without TLS. Source: Amazon S3 User Guide, "Enforce encryption of data in transit". */
import { documentsOf, isRecord, principalsOf, stringsOf, type Statement } from "./documents";
import type { Rule } from "./rule";

export const tlsOnly: Rule = {
  name: "tls-only",
  description: "Every bucket policy denies everyone all requests without TLS.",
  advice:
    'Add a statement that denies s3:* on the bucket and its objects to "*" where aws:SecureTransport is "false".',
  check: (resource) =>
    documentsOf(resource)
      .filter(({ kind, statements }) => kind === "bucket" && statements && !statements.some(refusesPlainText))
      .map(({ path }) => `${path} does not deny requests without TLS, on the bucket and on its objects`),
};

function refusesPlainText(statement: Statement): boolean {
  const { Effect, NotPrincipal, NotAction, Action, Resource } = statement;
  if (Effect !== "Deny" || NotPrincipal !== undefined || NotAction !== undefined) return false;
  const resources = stringsOf(Resource);
  const everything = resources.includes("*");
  return (
    principalsOf(statement).some(([type, name]) => type === "AWS" && name === "*") &&
    stringsOf(Action).some((action) => /^(s3:)?\*$/i.test(action)) &&
    (everything || resources.some((arn) => arn.startsWith("arn:") && !arn.includes("/"))) &&
    (everything || resources.some((arn) => /^[^/]+\/\*$/.test(arn))) &&
    asksOnlyForTls(statement)
  );
}

/** True if the denial has no other condition. */
function asksOnlyForTls({ Condition }: Statement): boolean {
  if (!isRecord(Condition)) return false;
  const [[operator, keys] = ["", undefined], ...others] = Object.entries(Condition);
  if (others.length > 0 || operator.toLowerCase() !== "bool" || !isRecord(keys)) return false;
  const [[key, value] = ["", undefined], ...more] = Object.entries(keys);
  return (
    more.length === 0 &&
    key.toLowerCase() === "aws:securetransport" &&
    String(Array.isArray(value) && value.length === 1 ? value[0] : value).toLowerCase() === "false"
  );
}
