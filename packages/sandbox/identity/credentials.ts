/**
 * Keys that requests are signed with: users' long-term access keys, and temporary credentials. A session token contains everything that the
 * sandbox must know about its session, sealed with a key of the state, so sessions need no records and survive a restart.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Caller, Store, Tag } from "../core";
import { accessKeys, entityKey, findById, newId, newSecret, roles, users } from "./state";

/** The content of a session token. */
export interface Session {
  readonly accessKeyId: string;
  readonly secret: string;
  /** ISO 8601. */
  readonly issued: string;
  readonly expires: string;
  readonly account: string;
  /** Unique ID of the session's role or user. */
  readonly principalId: string;
  readonly roleName?: string;
  readonly sessionName?: string;
  readonly policies?: readonly PolicyDocument[];
  readonly tags?: readonly Tag[];
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
}

/** A caller with what its credentials say beyond `Caller`: for the condition context and for role chaining. */
export interface SessionCaller extends Caller {
  readonly session?: Session;
}

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A key that requests may be signed with. `caller` is called only after the signature was verified. */
export interface SigningCredential {
  readonly secret: string;
  /** When a temporary credential ends. */
  readonly expires?: Date;
  /** Undefined if the principal was deleted or the key is inactive. */
  caller(): Caller | undefined;
}

/** Finds the key of an access key ID; undefined if it is unknown, or if the session token is not that key's own. */
export type CredentialLookup = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => SigningCredential | undefined;

/** Makes temporary credentials; `now` and `seconds` set their end. */
export function issueCredentials(
  store: Store,
  details: Omit<Session, "accessKeyId" | "secret" | "issued" | "expires">,
  now: Date,
  seconds: number,
): TemporaryCredentials {
  const expiration = new Date(Math.floor(now.getTime() / 1000) * 1000 + seconds * 1000);
  const session: Session = {
    ...details,
    accessKeyId: newId("ASIA"),
    secret: newSecret(),
    issued: now.toISOString(),
    expires: expiration.toISOString(),
  };
  return {
    accessKeyId: session.accessKeyId,
    secretAccessKey: session.secret,
    sessionToken: seal(store, session),
    expiration,
  };
}

/** Finds the key of a signature; undefined for unknown keys, and for temporary ones without their own token. */
export function findCredential(
  store: Store,
  accessKeyId: string,
  sessionToken: string | undefined,
): SigningCredential | undefined {
  if (sessionToken !== undefined) {
    const session = unseal(store, sessionToken);
    if (session?.accessKeyId !== accessKeyId) return undefined;
    return {
      secret: session.secret,
      expires: new Date(session.expires),
      caller: () => sessionCaller(store, session),
    };
  }
  const key = accessKeys(store).get(accessKeyId);
  if (!key) return undefined;
  return {
    secret: key.secret,
    caller: () => {
      const user = users(store).get(entityKey(key.account, key.user));
      if (!user || key.status !== "Active") return undefined;
      return {
        kind: "user",
        arn: user.arn,
        principalArn: user.arn,
        account: user.account,
        userId: user.id,
        accessKeyId,
      };
    },
  };
}

function sessionCaller(store: Store, session: Session): SessionCaller | undefined {
  const entity = findById(store, session.principalId);
  if (!entity) return undefined;
  const common = {
    principalArn: entity.arn,
    account: session.account,
    sessionPolicies: session.policies,
    accessKeyId: session.accessKeyId,
    session,
  };
  if (session.roleName === undefined) return { ...common, kind: "user", arn: entity.arn, userId: entity.id };
  return { ...common, kind: "role", ...roleIdentity(session.account, entity, session.sessionName ?? "") };
}

/** `arn` and `userId` of a role's session. */
export function roleIdentity(
  account: string,
  role: { readonly name: string; readonly id: string },
  sessionName: string,
): Pick<Caller, "arn" | "userId"> {
  return {
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
  };
}

/** A session of a role, as a service that assumes it gets it. */
export function serviceSession(store: Store, roleArn: string, sessionName: string): Caller | undefined {
  for (const role of roles(store).values())
    if (role.arn === roleArn)
      return {
        kind: "role",
        principalArn: role.arn,
        account: role.account,
        ...roleIdentity(role.account, role, sessionName),
      };
  return undefined;
}

const ivLength = 12;
const tagLength = 16;

function sealingKey(store: Store): Buffer {
  const secrets = store.collection<string>("sts.secrets");
  let key = secrets.get("sealing");
  if (key === undefined) {
    key = randomBytes(32).toString("base64");
    secrets.set("sealing", key);
  }
  return Buffer.from(key, "base64");
}

function seal(store: Store, session: Session): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(store), iv);
  const body = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(session))), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
}

function unseal(store: Store, token: string): Session | undefined {
  const bytes = Buffer.from(token, "base64");
  if (bytes.length <= ivLength + tagLength) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", sealingKey(store), bytes.subarray(0, ivLength));
    decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    const plain = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
    return JSON.parse(inflateRawSync(plain).toString("utf8")) as Session;
  } catch {
    return undefined; // not sealed by this state's key
  }
}
