/** Workgroups that cannot write their results, because they expect another bucket owner than S3 knows. */
import type { Finding } from "../findings";
import type { AccessModel } from "../model";
import { lintFinding } from "./rule";

interface WorkgroupProperties {
  readonly configuration?: {
    readonly resultConfiguration?: {
      readonly outputLocation?: string;
      readonly expectedBucketOwner?: string;
    };
  };
}

export function workgroupFindings({ resources }: AccessModel): Finding[] {
  return resources
    .filter(({ kind }) => kind === "workgroup")
    .flatMap(({ label, properties, code }): Finding[] => {
      const { outputLocation = "", expectedBucketOwner: expected } =
        (properties as WorkgroupProperties).configuration?.resultConfiguration ?? {};
      const [, name] = /^s3:\/\/([^/]+)/.exec(outputLocation) ?? [];
      const bucket = resources.find(({ kind, arn }) => kind === "bucket" && arn.endsWith(`:::${name ?? ""}`));
      if (!bucket || expected === undefined || expected === bucket.account) return [];
      const places = [{ document: label, ...(code === undefined ? {} : { code }) }];
      const says = `workgroup ${label} expects account ${expected} to own ${name ?? ""}, which account ${bucket.account} owns: its queries fail`;
      return [lintFinding(places, says, `Expect ${bucket.account}.`)];
    });
}
