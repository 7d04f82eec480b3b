/** Workgroups that cannot write their results: Athena asks S3 for the owner that they expect. */
import type { Finding } from "../findings";
import type { AccessModel } from "../model";

interface WorkgroupProperties {
  readonly configuration?: {
    readonly resultConfiguration?: {
      readonly outputLocation?: string;
      readonly expectedBucketOwner?: string;
    };
  };
}

export function workgroupFaults({ resources }: AccessModel): Finding[] {
  return resources
    .filter(({ kind }) => kind === "workgroup")
    .flatMap(({ label, properties, code }): Finding[] => {
      const { outputLocation = "", expectedBucketOwner: expected } =
        (properties as WorkgroupProperties).configuration?.resultConfiguration ?? {};
      const [, name] = /^s3:\/\/([^/]+)/.exec(outputLocation) ?? [];
      const bucket = resources.find(({ kind, arn }) => kind === "bucket" && arn.endsWith(`:::${name ?? ""}`));
      if (!bucket || expected === undefined || expected === bucket.account) return [];
      return [
        {
          kind: "lint",
          says: `workgroup ${label} expects account ${expected} to own ${name ?? ""}, which account ${bucket.account} owns: its queries fail`,
          why: [],
          places: [{ document: label, ...(code === undefined ? {} : { code }) }],
          advice: `Expect ${bucket.account}.`,
        },
      ];
    });
}
