/** Stand-ins for values that AWS will name, each as long as the real value; and the error for a document that is too large. */
import type { StoreValues } from "./contract";
import { accountRoot, type Policy } from "./policies/document";
import { sizeOf } from "./policies/quotas";
import type { ValidationError } from "./settings/errors";
import { chosenKeys } from "./settings/keySettings";
import type { AccountSettings, StoreSettings } from "./settings/types";

/** The suffix that the engine adds to a logical name so that the name can be used twice: `-1a2b3c4`. */
export const SUFFIX = "-1234567";
export const ROLE_ID = "AROA12345678901234567";
const KEY_ID = "12345678-1234-1234-1234-123456789012";
/** Unix seconds of a feature group's creation. */
const EPOCH = "1234567890";

export function* tooLarge(
  path: string,
  document: string,
  content: Policy,
  limit: number,
  advice: string,
): Iterable<ValidationError> {
  const size = sizeOf(content);
  if (size > limit)
    yield {
      path,
      message: `${document} would have ${size.toLocaleString("en")} characters, and AWS allows ${limit.toLocaleString("en")}: ${advice}`,
    };
}

export function roleArn({ partition, id }: AccountSettings, logicalName: string): string {
  return accountRoot(partition, id).replace(/root$/, `role/${logicalName}${SUFFIX}`);
}

export function keyArn({ partition, region, id }: AccountSettings): string {
  return `arn:${partition}:kms:${region}:${id}:key/${KEY_ID}`;
}

/**
 * The outputs of a store's stages.
 * @param place the account of its feature groups
 * @param roleName logical name of the role that Feature Store writes as
 */
export function standInStore(own: StoreSettings, place: AccountSettings, roleName: string): StoreValues {
  const { partition, region, id } = place;
  const { bucketName, prefix, featureGroups } = own;
  const root = `s3://${bucketName}${prefix === "" ? "" : `/${prefix}`}/${id}/sagemaker/${region}/offline-store`;
  const groups = featureGroups.map(({ name, offlineStore, dataCatalog: catalog }) => ({
    name,
    arn: `arn:${partition}:sagemaker:${region}:${id}:feature-group/${name}`,
    ...(offlineStore === false
      ? {}
      : {
          s3Uri: `${root}/${name}-${EPOCH}/data`,
          table: {
            catalog: "",
            database: catalog?.database ?? "sagemaker_featurestore",
            name: catalog?.table ?? `${name}_${EPOCH}`,
          },
        }),
  }));
  return {
    featureGroups: Object.fromEntries(groups.map((group) => [group.name, group])),
    bucketArn: `arn:${partition}:s3:::${bucketName}`,
    roleArn: roleArn(place, roleName),
    // Two stand-ins with the same name would count as one key.
    ...chosenKeys(
      own.keys,
      (half) => (half === "offline" ? keyArn(place) : keyArn(place).replace(/.$/, "3")),
      (arn) => arn,
    ),
  };
}
