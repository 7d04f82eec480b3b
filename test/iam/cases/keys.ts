/** KMS keys: key policies, delegation to accounts, grants. Roles: trust policies. */
import {
  cases,
  A,
  allow,
  allowed,
  ask,
  denied,
  deny,
  doc,
  implicit,
  keyA,
  roleA,
  roleB,
  rootA,
  rootB,
  service,
  sessionA,
  sessionB,
  to,
  userA,
  when,
} from "../words";
import type { Case } from "../words";
import type { KmsGrant, ListedGrant, PolicyStatement, RequestContext } from "@feature-store-access/iam";

const use = (principal: string, context: RequestContext = {}) =>
  ask(principal, "kms:Decrypt", keyA, A, context);
const uses = { identity: [doc(allow("kms:*"))] };
const policy = (...statements: PolicyStatement[]) => ({ resource: doc(...statements) });
const delegated = to(rootA, allow("kms:*"));
const decrypts = allow("kms:Decrypt");
const grant = (rest: Partial<KmsGrant> = {}): { grants: KmsGrant[] } => ({
  grants: [
    { keyArn: keyA, granteePrincipal: roleA, operations: ["Decrypt", "DescribeKey", "RetireGrant"], ...rest },
  ],
});
const listed: { grants: ListedGrant[] } = {
  grants: [
    {
      KeyId: keyA.slice(keyA.indexOf("/") + 1),
      GranteePrincipal: roleA,
      Operations: ["Decrypt"],
      Constraints: { EncryptionContextEquals: { table: "sales" } },
    },
  ],
};
const viaSageMaker = { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } };
const encryption = { "kms:EncryptionContext:table": "sales" };

export const keyCases: readonly Case[] = [
  ...cases("KMS Developer Guide: Key policies in AWS KMS", [
    ["the key policy names the role", allowed, use(sessionA), policy(to(roleA, decrypts))],
    ["the key policy names the user", allowed, use(userA), policy(to(userA, decrypts))],
    ["an identity policy alone is not enough, even in the key's account", implicit, use(sessionA), uses],
    [
      "... where the key policy names someone else",
      implicit,
      use(sessionA),
      { ...uses, ...policy(to(userA, decrypts)) },
    ],
    [
      "the account is delegated to: an identity policy decides",
      allowed,
      use(sessionA),
      { ...uses, ...policy(delegated) },
    ],
    ["... and without one nobody but root is let in", implicit, use(sessionA), policy(delegated)],
    ["... but root itself", allowed, use(rootA), policy(delegated)],
    ["root has no power over a key that does not name it", implicit, use(rootA), policy(to(roleA, decrypts))],
    [
      'an asterisk gives "every identity in every AWS account permission", and no identity none',
      implicit,
      use("anonymous"),
      policy(to("*", decrypts)),
    ],
    [
      'a statement without Resource "has no effect"',
      implicit,
      use(sessionA),
      { ...uses, ...policy({ ...to(roleA, decrypts), Resource: undefined }) },
    ],
    [
      "... nor has it as a deny",
      allowed,
      use(sessionA),
      policy(to(roleA, decrypts), { ...to(roleA, deny("kms:Decrypt")), Resource: undefined }),
    ],
    [
      "delegation of another action",
      implicit,
      use(sessionA),
      { ...uses, ...policy(to(rootA, allow("kms:Describe*"))) },
    ],
    [
      "a deny in the key policy",
      denied,
      use(sessionA),
      { ...uses, ...policy(delegated, to(roleA, deny("kms:Decrypt"))) },
    ],
    [
      "a deny in the identity policy",
      denied,
      use(sessionA),
      { identity: [doc(deny("kms:*"))], ...policy(to(roleA, decrypts)) },
    ],
    [
      "everyone of the account through one service",
      allowed,
      use(sessionA, { "kms:ViaService": "s3.eu-central-1.amazonaws.com" }),
      policy(
        when(to("*", decrypts), {
          StringEquals: { "kms:CallerAccount": A, "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
        }),
      ),
    ],
    [
      "... not of another account",
      implicit,
      use(sessionB, { "kms:ViaService": "s3.eu-central-1.amazonaws.com" }),
      {
        ...uses,
        ...policy(
          when(to("*", decrypts), {
            StringEquals: { "kms:CallerAccount": A, "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
          }),
        ),
      },
    ],
    [
      "delegation does not pass a boundary",
      implicit,
      use(sessionA),
      { ...uses, permissionsBoundary: [doc(allow("s3:*"))], ...policy(delegated) },
    ],
    [
      "an alias has no key policy: identity policies decide",
      allowed,
      ask(sessionA, "kms:CreateAlias", `arn:aws:kms:eu-central-1:${A}:alias/x`, A),
      uses,
    ],
    ["kms:ListAliases is for identity policies", allowed, ask(sessionA, "kms:ListAliases", "*", A), uses],
    [
      "a service that the key policy names",
      allowed,
      ask(service, "kms:DescribeKey", keyA, A),
      policy(to({ Service: service }, allow("kms:Describe*"))),
    ],
  ]),
  ...cases("KMS Developer Guide: kms:ViaService", [
    [
      "through SageMaker",
      allowed,
      use(sessionA, { "kms:ViaService": "sagemaker.eu-central-1.amazonaws.com" }),
      policy(when(to(roleA, decrypts), viaSageMaker)),
    ],
    [
      "through S3",
      implicit,
      use(sessionA, { "kms:ViaService": "s3.eu-central-1.amazonaws.com" }),
      policy(when(to(roleA, decrypts), viaSageMaker)),
    ],
    ["directly", implicit, use(sessionA), policy(when(to(roleA, decrypts), viaSageMaker))],
  ]),
  ...cases("KMS Developer Guide: Allowing users in other accounts to use a KMS key", [
    [
      "both sides, the key policy naming the role",
      allowed,
      use(sessionB),
      { ...uses, ...policy(to(roleB, decrypts)) },
    ],
    [
      "both sides, the key policy delegating to the account",
      allowed,
      use(sessionB),
      { ...uses, ...policy(to(rootB, decrypts)) },
    ],
    ["the key policy alone, naming the role", implicit, use(sessionB), policy(to(roleB, decrypts))],
    ["the key policy alone, delegating", implicit, use(sessionB), policy(to(rootB, decrypts))],
    ["the identity policy alone", implicit, use(sessionB), { ...uses, ...policy(delegated) }],
    [
      "an operation that has no effect across accounts",
      implicit,
      ask(sessionB, "kms:ScheduleKeyDeletion", keyA, A),
      { ...uses, ...policy(to(rootB, allow("kms:*"))) },
    ],
    [
      "... as the key policy's change",
      implicit,
      ask(sessionB, "kms:PutKeyPolicy", keyA, A),
      { ...uses, ...policy(to(roleB, allow("kms:*"))) },
    ],
    ["another account's root user, delegated to", allowed, use(rootB), policy(to(rootB, decrypts))],
  ]),
  ...cases("KMS Developer Guide: Grants in AWS KMS", [
    ["a grant for the role", allowed, use(sessionA), { ...policy(to(userA, decrypts)), ...grant() }],
    [
      "a grant for another role",
      implicit,
      use(sessionA),
      { ...policy(delegated), ...grant({ granteePrincipal: roleB }) },
    ],
    ["a grant of another operation", implicit, use(sessionA), grant({ operations: ["GenerateDataKey"] })],
    [
      "a grant of ReEncryptFrom",
      allowed,
      ask(sessionA, "kms:ReEncryptFrom", keyA, A),
      grant({ operations: ["ReEncryptFrom"] }),
    ],
    ["a grant of a key is none of another", implicit, use(sessionA), grant({ keyArn: `${keyA}0` })],
    ["a grant for a service", allowed, use(service), grant({ granteePrincipal: service })],
    [
      "a deny stands above a grant",
      denied,
      use(sessionA),
      { ...policy(to("*", deny("kms:Decrypt"))), ...grant() },
    ],
    [
      "a constraint that is met",
      allowed,
      use(sessionA, encryption),
      grant({ encryptionContextSubset: { table: "sales" } }),
    ],
    [
      "a constraint that is not",
      implicit,
      use(sessionA),
      grant({ encryptionContextSubset: { table: "sales" } }),
    ],
    [
      "more than the subset is fine",
      allowed,
      use(sessionA, { ...encryption, "kms:EncryptionContext:x": "1" }),
      grant({ encryptionContextSubset: { table: "sales" } }),
    ],
    [
      "more than equal is not",
      implicit,
      use(sessionA, { ...encryption, "kms:EncryptionContext:x": "1" }),
      grant({ encryptionContextEquals: { table: "sales" } }),
    ],
    [
      "a constraint differs by case, in its keys too",
      implicit,
      use(sessionA, { "kms:EncryptionContext:Table": "sales" }),
      grant({ encryptionContextSubset: { table: "sales" } }),
    ],
    [
      "constraints do not apply to DescribeKey",
      allowed,
      ask(sessionA, "kms:DescribeKey", keyA, A),
      grant({ encryptionContextEquals: { table: "sales" } }),
    ],
    [
      "another account's grantee needs an identity policy",
      implicit,
      use(sessionB),
      grant({ granteePrincipal: roleB }),
    ],
    ["... and is let in with it", allowed, use(sessionB), { ...uses, ...grant({ granteePrincipal: roleB }) }],
    [
      "a grant for a role with a path reaches its sessions, whose ARNs have none",
      allowed,
      use(`arn:aws:sts::${A}:assumed-role/AmazonSageMaker-Role/SageMaker`),
      grant({ granteePrincipal: `arn:aws:iam::${A}:role/service-role/AmazonSageMaker-Role` }),
    ],
    [
      "a grant for an account leaves it to its IAM",
      implicit,
      use(sessionA),
      grant({ granteePrincipal: rootA }),
    ],
    ["... which lets in", allowed, use(sessionA), { ...uses, ...grant({ granteePrincipal: rootA }) }],
    ["a grant is never for everyone", implicit, use(sessionA), grant({ granteePrincipal: "*" })],
    ["a grant as KMS lists it, by the key's ID", allowed, use(sessionA, encryption), listed],
    ["... and its constraint", implicit, use(sessionA), listed],
    ["... and its key", implicit, ask(sessionA, "kms:Decrypt", `${keyA}0`, A, encryption), listed],
    [
      "a grant says nothing of other services' actions",
      implicit,
      ask(sessionA, "s3:GetObject", keyA, A),
      grant({ operations: ["GetObject"] }),
    ],
  ]),
];
