/** The policies of topics and queues. */
import { evaluate, type PolicyDocument, PolicyError } from "@feature-store-access/iam";
import { AwsError, type World } from "../core";

/** A resource's policy as stored. @throws AwsError `refuse(why)` if it is no policy, or names principals that do not exist */
export function resourcePolicy(
  world: World,
  text: string,
  refuse: (why: string) => AwsError,
): PolicyDocument {
  try {
    const document = JSON.parse(text) as PolicyDocument;
    if (typeof document !== "object" || document === null) throw new SyntaxError("it is not a JSON object");
    const nobody = { principal: "anonymous", resource: "*", resourceAccount: "000000000000" };
    evaluate({ ...nobody, action: "sns:Publish" }, { identity: [], resource: document });
    return world.principals.keep(document, "MalformedPolicyDocumentException");
  } catch (error) {
    if (
      error instanceof PolicyError ||
      error instanceof SyntaxError ||
      error instanceof TypeError ||
      error instanceof AwsError
    )
      throw refuse(error.message);
    throw error;
  }
}
