/** A bucket's public access is blocked, whatever its policy and ACLs say. */
import { bucketsWithout, isPart } from "./bucketParts";
import { UNKNOWN, type Rule } from "./rule";

const PART = "BucketPublicAccessBlock";
const SWITCHES = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicAccessBlocked: Rule = {
  name: "public-access-blocked",
  description: "All four blocks of public access are on for every bucket.",
  advice: `Give the bucket an aws.s3.${PART} with ${SWITCHES.join(", ")} all true.`,
  check(resource) {
    if (!isPart(resource, PART)) return [];
    return SWITCHES.filter((name) => resource.inputs[name] !== true && resource.inputs[name] !== UNKNOWN).map(
      (name) => `${name} is not true`,
    );
  },
  checkStack: (resources) => bucketsWithout(resources, PART, "public access to the bucket is not blocked"),
};
