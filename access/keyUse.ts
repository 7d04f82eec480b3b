/**
 * Judges whether a KMS key suits its uses by Feature Store and its users, from AWS's description of the key and its policy.
 * Sources: "Security and access control" of Feature Store,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html; AWS KMS Developer Guide, "Key states of AWS
 * KMS keys", https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
import {
  evaluate,
  type PolicyDocument,
  PolicyError,
  type PolicyStatement,
  type RequestContext,
} from "@feature-store-access/iam";
import { list } from "./lists";
import { throughSageMakerOnly } from "./viaService";

/** A key, as DescribeKey and GetKeyPolicy give it. */
export interface KeyFacts {
  readonly arn: string;
  /** `SYMMETRIC_DEFAULT`, `RSA_2048`, ... */
  readonly spec: string;
  /** `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, ... */
  readonly usage: string;
  /** `CUSTOMER` or `AWS`. */
  readonly manager: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, ... */
  readonly state: string;
  readonly policy: PolicyDocument;
}

/** Actions that a principal takes with the key. */
export interface KeyNeed {
  /** In words: "the feature groups' role". */
  readonly who: string;
  /** ARN of a role; it need not exist yet. */
  readonly principal: string;
  /** `kms:GenerateDataKey`, ... */
  readonly actions: readonly string[];
  /** The service that calls KMS on the principal's behalf; left out: the principal calls it itself. */
  readonly through?: "sagemaker" | "s3";
  /** The principal's own policies; left out: they allow it. */
  readonly identity?: readonly PolicyDocument[];
}

export interface KeyUse {
  /** Stores that are encrypted under the key. */
  readonly stores: readonly ("online" | "offline")[];
  /** 12 digits, and Region: of the feature groups. */
  readonly account: string;
  readonly region: string;
  readonly needs: readonly KeyNeed[];
}

export interface KeyFinding {
  /** In words, with the ARN. */
  readonly says: string;
  readonly advice: string;
  /** False: the policy demands a value that only a real request has, so AWS may still allow it. */
  readonly certain: boolean;
}

/**
 * The actions on its key that the creator of an online store needs, besides kms:ListAliases, which only IAM policies can
 * allow. Source: "Security and access control" of Feature Store (above).
 */
export const CREATOR_ACTIONS = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
  "kms:RevokeGrant",
] as const;

/** @returns everything that makes the key unfit for its use; none if it suits */
export function keyUseFindings(key: KeyFacts, use: KeyUse): KeyFinding[] {
  const own = ofTheKey(key, use);
  // If Feature Store cannot use the key at all, its policy does not matter.
  return own.length > 0 ? own : [...conditionFindings(key, use), ...policyFindings(key, use)];
}

function ofTheKey({ arn, spec, usage, manager, state }: KeyFacts, { account, region }: KeyUse): KeyFinding[] {
  const [, , , keyRegion = "", owner = ""] = arn.split(":");
  const found: KeyFinding[] = [];
  const add = (says: string, advice: string) => found.push({ says: `${arn} ${says}`, advice, certain: true });
  if (owner !== account)
    add(`is in account ${owner}, the feature groups are in ${account}`, `Give a key of account ${account}.`);
  if (keyRegion !== region)
    add(`is in ${keyRegion}, the feature groups are in ${region}`, `Give a key of ${region}.`);
  if (manager !== "CUSTOMER")
    add("is managed by AWS: nobody can change its policy", "Give a customer managed key.");
  if (spec !== "SYMMETRIC_DEFAULT" || usage !== "ENCRYPT_DECRYPT")
    add(
      `is ${spec} for ${usage}: Feature Store supports symmetric encryption keys only`,
      "Give a key of SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT.",
    );
  if (state !== "Enabled")
    add(
      `is ${state}, not Enabled`,
      state === "PendingDeletion"
        ? "Cancel its deletion and enable it, or give another."
        : "Enable it, or give another.",
    );
  return found;
}

function conditionFindings({ arn, policy }: KeyFacts, { stores }: KeyUse): KeyFinding[] {
  if (!stores.includes("offline")) return [];
  return throughSageMakerOnly(policy).map(({ statement, index }) => ({
    says:
      `${arn}: statement ${statement.Sid ?? index} of its policy asks for kms:ViaService of SageMaker, and the key serves an ` +
      "offline store: CreateFeatureGroup fails",
    advice: "Take the condition out, or give the online store a key of its own.",
    certain: true,
  }));
}

function policyFindings(key: KeyFacts, use: KeyUse): KeyFinding[] {
  const { arn } = key;
  try {
    return use.needs.flatMap((need) => {
      const denied = need.actions.filter((action) => !allows(key.policy, key, use, need, action));
      if (denied.length === 0) return [];
      const through =
        need.through === undefined ? "" : ` through ${need.through === "s3" ? "Amazon S3" : "SageMaker"}`;
      const certain = denied.some((action) => !allows(generous(key.policy), key, use, need, action));
      return [
        {
          says: `${arn}: ${need.who} (${need.principal}) may not ${denied.join(", ")}${through}`,
          advice: certain
            ? "Allow it in the key policy: to the principal, or to its account if that is the key's, whose IAM then decides."
            : "Its policy has conditions that only AWS can evaluate: make sure that they will hold.",
          certain,
        },
      ];
    });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return [
      {
        says: `${arn}: AWS would reject its policy: ${error.message}`,
        advice: "Repair the policy.",
        certain: true,
      },
    ];
  }
}

const ALLOWED: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
};

function allows(
  policy: PolicyDocument,
  { arn }: KeyFacts,
  { account, region }: KeyUse,
  need: KeyNeed,
  action: string,
): boolean {
  const { principal, through, identity = [ALLOWED] } = need;
  const caller = principal.split(":")[4] ?? "";
  const context: RequestContext = {
    "aws:SecureTransport": "true",
    "aws:PrincipalArn": principal,
    "kms:CallerAccount": caller,
    ...(through === undefined ? {} : { "kms:ViaService": `${through}.${region}.amazonaws.com` }),
    ...(action === "kms:CreateGrant" || action === "kms:RevokeGrant"
      ? { "kms:GrantIsForAWSResource": "true" }
      : {}),
  };
  const request = {
    principal: sessionOf(principal),
    action,
    resource: arn,
    resourceAccount: account,
    context,
  };
  return evaluate(request, { identity, resource: policy }).result === "Allowed";
}

/** A role acts through a session; other principals act themselves. */
function sessionOf(principal: string): string {
  const match = /^(arn:[^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  return match ? `${match[1]}:sts::${match[2]}:assumed-role/${match[3]}/feature-store` : principal;
}

/** Context keys whose values are known before a request is made. */
const KNOWN =
  /^(aws:(securetransport|principalarn|principalaccount|principaltype)|kms:(calleraccount|viaservice|grantisforawsresource))$/;

/** The policy as it would be if every condition on unknown values held. */
function generous(policy: PolicyDocument): PolicyDocument {
  return {
    ...policy,
    Statement: list(policy.Statement).flatMap((statement): PolicyStatement[] => {
      const { Condition, ...rest } = statement;
      if (!Condition) return [statement];
      const kept = Object.entries(Condition).flatMap(([operator, keys]) => {
        const known = Object.entries(keys).filter(([key]) => KNOWN.test(key.toLowerCase()));
        return known.length > 0 ? [[operator, Object.fromEntries(known)] as const] : [];
      });
      const whole = kept.flatMap(([, keys]) => Object.keys(keys)).length === conditionCount(Condition);
      if (whole) return [statement];
      if (statement.Effect === "Deny") return [];
      return [kept.length > 0 ? { ...rest, Condition: Object.fromEntries(kept) } : rest];
    }),
  };
}

function conditionCount(condition: NonNullable<PolicyStatement["Condition"]>): number {
  return Object.values(condition).reduce((count, keys) => count + Object.keys(keys).length, 0);
}
