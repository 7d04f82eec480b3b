/**
 * Statements of key policies that let a key be used through SageMaker alone. Source: "Security and access control" of
 * Feature Store, https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
 */
import { list } from "./lists";
import type { PolicyDocument, PolicyStatement } from "@feature-store-access/iam";

/**
 * The statements that ask for `kms:ViaService` of SageMaker and of no other service. On a key of an offline store, which
 * Amazon S3 uses, they make CreateFeatureGroup fail.
 */
export function throughSageMakerOnly(
  document: PolicyDocument,
): { statement: PolicyStatement; index: number }[] {
  return list(document.Statement).flatMap((statement, index) => {
    const asks = Object.values(statement.Condition ?? {}).some((keys) =>
      Object.entries(keys).some(
        ([key, values]) =>
          key.toLowerCase() === "kms:viaservice" &&
          list(values).every((value) => String(value).startsWith("sagemaker.")),
      ),
    );
    return asks && statement.Effect === "Allow" ? [{ statement, index }] : [];
  });
}
