/** The bucket's owner owns every object, whichever account wrote it, and ACLs have no effect. */
import { bucketsWithout, isBucket, isPart } from "./bucketParts";
import { isRecord } from "./documents";
import { UNKNOWN, type Rule } from "./rule";

const PART = "BucketOwnershipControls";

export const ownershipEnforced: Rule = {
  name: "ownership-enforced",
  description: "Buckets own all their objects (BucketOwnerEnforced), and have no ACL.",
  advice: `Give the bucket an aws.s3.${PART} with objectOwnership BucketOwnerEnforced, and no ACL.`,
  check(resource) {
    const { inputs } = resource;
    if (isPart(resource, "BucketAcl")) return ["gives the bucket an ACL"];
    if (isBucket(resource))
      return ["acl", "grants"].flatMap((input) =>
        inputs[input] === undefined ? [] : [`${input} gives the bucket an ACL`],
      );
    if (!isPart(resource, PART) || inputs["rule"] === UNKNOWN) return [];
    const ownership = isRecord(inputs["rule"]) ? inputs["rule"]["objectOwnership"] : undefined;
    if (ownership === "BucketOwnerEnforced" || ownership === UNKNOWN) return [];
    return [`rule.objectOwnership is ${String(ownership)}, not BucketOwnerEnforced`];
  },
  checkStack: (resources) => bucketsWithout(resources, PART, "no object ownership is set for the bucket"),
};
