/**
 * AWS's answers to a request that is not signed correctly: the same mistakes have other codes in S3, in the query services (STS, IAM) and in
 * the JSON services. Sources: "Common Errors" of each API reference; Amazon S3, "Error responses".
 */
import { AwsError } from "../../core";

export interface AuthErrorCodes {
  unknownKey(accessKeyId: string, temporary: boolean): AwsError;
  expiredToken(): AwsError;
  skewed(signedAt: Date, now: Date): AwsError;
  presignedExpired(signedAt: Date, expiresSeconds: number, now: Date): AwsError;
}

const compact = (date: Date) => date.toISOString().replace(/[-:]|\.\d{3}/g, "");

/** The errors of the service that the credential scope names. */
export function errorCodes(service: string): AuthErrorCodes {
  if (service === "s3") return s3Errors;
  return isQuery(service) ? queryErrors : jsonErrors;
}

const isQuery = (service: string) => ["sts", "iam", "sns"].includes(service);

const s3Errors: AuthErrorCodes = {
  unknownKey: (accessKeyId, temporary) =>
    temporary
      ? new AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
      : new AwsError(
          "InvalidAccessKeyId",
          "The AWS Access Key Id you provided does not exist in our records.",
          403,
          {
            AWSAccessKeyId: accessKeyId,
          },
        ),
  expiredToken: () => new AwsError("ExpiredToken", "The provided token has expired.", 400),
  skewed: (signedAt, now) =>
    new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
      {
        RequestTime: compact(signedAt),
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: "900000",
      },
    ),
  presignedExpired: (signedAt, expiresSeconds, now) =>
    new AwsError("AccessDenied", "Request has expired", 403, {
      "X-Amz-Expires": String(expiresSeconds),
      Expires: new Date(signedAt.getTime() + expiresSeconds * 1000).toISOString(),
      ServerTime: now.toISOString(),
    }),
};

const queryErrors: AuthErrorCodes = {
  unknownKey: () =>
    new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
  expiredToken: () =>
    new AwsError("ExpiredToken", "The security token included in the request is expired", 403),
  skewed: (signedAt, now) => new AwsError("SignatureDoesNotMatch", skewMessage(signedAt, now), 403),
  presignedExpired: (signedAt, expiresSeconds, now) =>
    new AwsError("SignatureDoesNotMatch", expiredMessage(signedAt, expiresSeconds, now), 403),
};

const jsonErrors: AuthErrorCodes = {
  unknownKey: () =>
    new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      400,
    ),
  expiredToken: () =>
    new AwsError("ExpiredTokenException", "The security token included in the request is expired", 400),
  skewed: (signedAt, now) => new AwsError("InvalidSignatureException", skewMessage(signedAt, now), 400),
  presignedExpired: (signedAt, expiresSeconds, now) =>
    new AwsError("InvalidSignatureException", expiredMessage(signedAt, expiresSeconds, now), 400),
};

function skewMessage(signedAt: Date, now: Date): string {
  const limit = new Date(now.getTime() + (signedAt < now ? -1 : 1) * 15 * 60 * 1000);
  return signedAt < now
    ? `Signature expired: ${compact(signedAt)} is now earlier than ${compact(limit)} (${compact(now)} - 15 min.)`
    : `Signature not yet current: ${compact(signedAt)} is still later than ${compact(limit)} (${compact(now)} + 15 min.)`;
}

function expiredMessage(signedAt: Date, expiresSeconds: number, now: Date): string {
  const end = new Date(signedAt.getTime() + expiresSeconds * 1000);
  return `Signature expired: ${compact(end)} is now earlier than ${compact(now)}`;
}

const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/** The signature is not the expected one. S3 shows what it signed, which helps to find the difference. */
export function signatureMismatch(
  authorization: { readonly service: string; readonly accessKeyId: string; readonly signature: string },
  canonical: string,
  text: string,
): AwsError {
  if (authorization.service === "s3")
    return new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
      {
        AWSAccessKeyId: authorization.accessKeyId,
        StringToSign: text,
        SignatureProvided: authorization.signature,
        CanonicalRequest: canonical,
      },
    );
  return isQuery(authorization.service)
    ? new AwsError("SignatureDoesNotMatch", mismatch, 403)
    : new AwsError("InvalidSignatureException", mismatch, 400);
}

/** There is no signature, and the service needs one (all but S3). */
export function missingAuthentication(service: string): AwsError {
  const code = isQuery(service) ? "MissingAuthenticationToken" : "MissingAuthenticationTokenException";
  return new AwsError(code, "Request is missing Authentication Token", 403);
}

/** S3's answer to a kind of signature that it does not accept. */
export function unsupportedMechanism(): AwsError {
  return new AwsError(
    "InvalidRequest",
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    400,
  );
}
