/**
 * Signature verification against the worked examples that AWS publishes (IAM User Guide; Amazon S3 API Reference, "Authenticating
 * Requests"), and its refusals. It does not prove that real clients agree: server.test.ts signs with the AWS SDK.
 */
import { expect } from "chai";
import type { AwsError, Caller } from "../../packages/sandbox/core";
import type { CredentialLookup } from "../../packages/sandbox/identity/credentials";
import { hmac, sha256Hex, signingKey } from "../../packages/sandbox/pipeline/signature/canonical";
import { authenticate, type RawRequest } from "../../packages/sandbox/pipeline/signature/sigv4";

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const caller: Caller = {
  kind: "user",
  arn: "arn:aws:iam::111111111111:user/example",
  principalArn: "arn:aws:iam::111111111111:user/example",
  account: "111111111111",
  userId: "AIDAEXAMPLE",
};
const lookup: CredentialLookup = (id, token) =>
  id === "AKIAIOSFODNN7EXAMPLE" && token === undefined ? { secret, caller: () => caller } : undefined;
const s3Time = new Date("2013-05-24T00:00:00Z");
const empty = sha256Hex("");

function request(
  method: string,
  target: string,
  headers: Record<string, string>,
  body: string | Buffer = "",
): RawRequest {
  return { method, target, headers, body: Buffer.from(body) };
}

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const getObject = request("GET", "/test.txt", {
  host: "examplebucket.s3.amazonaws.com",
  range: "bytes=0-9",
  "x-amz-content-sha256": empty,
  "x-amz-date": "20130524T000000Z",
  authorization: authorization(
    "host;range;x-amz-content-sha256;x-amz-date",
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ),
});

function refused(raw: RawRequest, now = s3Time, keys = lookup): AwsError {
  try {
    authenticate(raw, keys, now);
  } catch (error) {
    return error as AwsError;
  }
  throw new Error("the request was expected to be refused");
}

describe("sigv4: AWS's worked examples", () => {
  it("GetObject of S3, by header", () => {
    const result = authenticate(getObject, lookup, s3Time);
    expect(result.caller).to.equal(caller);
    expect(result.service).to.equal("s3");
    expect(result.region).to.equal("us-east-1");
  });

  it("PutObject of S3, with a character that S3 encodes once", () => {
    const body = "Welcome to Amazon S3.";
    const put = request(
      "PUT",
      "/test%24file.text",
      {
        host: "examplebucket.s3.amazonaws.com",
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": sha256Hex(body),
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        authorization: authorization(
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
      },
      body,
    );
    expect(authenticate(put, lookup, s3Time).request.body.toString()).to.equal(body);
    // The same request as a client sends it that does not encode the dollar sign.
    expect(authenticate({ ...put, target: "/test$file.text" }, lookup, s3Time).caller).to.equal(caller);
  });

  it("a query without values (?lifecycle) and a sorted one", () => {
    const head = {
      host: "examplebucket.s3.amazonaws.com",
      "x-amz-content-sha256": empty,
      "x-amz-date": "20130524T000000Z",
    };
    const signed = "host;x-amz-content-sha256;x-amz-date";
    const lifecycle = request("GET", "/?lifecycle", {
      ...head,
      authorization: authorization(
        signed,
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
      ),
    });
    const list = request("GET", "/?prefix=J&max-keys=2", {
      ...head,
      authorization: authorization(
        signed,
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      ),
    });
    expect(authenticate(lifecycle, lookup, s3Time).request.query.has("lifecycle")).to.equal(true);
    expect(authenticate(list, lookup, s3Time).request.query.get("prefix")).to.equal("J");
  });

  it("a presigned URL, until it expires", () => {
    const presigned = request(
      "GET",
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      { host: "examplebucket.s3.amazonaws.com" },
    );
    const hours = (count: number) => new Date(s3Time.getTime() + count * 3600_000);
    expect(authenticate(presigned, lookup, hours(23)).caller).to.equal(caller);
    const expired = refused(presigned, hours(25));
    expect([expired.code, expired.message]).to.deep.equal(["AccessDenied", "Request has expired"]);
  });

  it("ListUsers of IAM: the path is normalized and the payload hash is not a header", () => {
    const listUsers = request("GET", "/?Action=ListUsers&Version=2010-05-08", {
      host: "iam.amazonaws.com",
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-amz-date": "20150830T123600Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    });
    const keys: CredentialLookup = () => ({
      secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      caller: () => caller,
    });
    expect(authenticate(listUsers, keys, new Date("2015-08-30T12:36:00Z")).service).to.equal("iam");
  });

  const chunks = [Buffer.alloc(65536, "a"), Buffer.alloc(1024, "a"), Buffer.alloc(0)];
  const framed = (signatures: readonly string[], ending: string) =>
    Buffer.concat([
      ...chunks.map((chunk, index) =>
        Buffer.concat([
          Buffer.from(`${chunk.length.toString(16)};chunk-signature=${signatures[index]}\r\n`),
          chunk,
          Buffer.from(chunk.length > 0 ? "\r\n" : ""),
        ]),
      ),
      Buffer.from(ending),
    ]);

  const chunked = request(
    "PUT",
    "/examplebucket/chunkObject.txt",
    {
      host: "s3.amazonaws.com",
      "x-amz-date": "20130524T000000Z",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "66560",
      "content-length": "66824",
      authorization: authorization(
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
      ),
    },
    framed(
      [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
      ],
      "\r\n",
    ),
  );

  it("an upload in signed chunks; a changed byte in any of them is found", () => {
    expect(authenticate(chunked, lookup, s3Time).request.body.equals(Buffer.alloc(66560, "a"))).to.equal(
      true,
    );
    const changed = Buffer.from(chunked.body);
    changed[66000] = 98;
    expect(refused({ ...chunked, body: changed }).code).to.equal("SignatureDoesNotMatch");
  });

  it("an upload in signed chunks with a signed trailer; a changed trailer is found", () => {
    const trailing = request(
      "PUT",
      "/examplebucket/chunkObject.txt",
      {
        host: "s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "x-amz-trailer": "x-amz-checksum-crc32c",
        authorization: authorization(
          "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
          "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        ),
      },
      framed(
        [
          "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
          "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
          "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        ],
        "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
      ),
    );
    const { request: decoded } = authenticate(trailing, lookup, s3Time);
    expect(decoded.headers).not.to.have.property("content-encoding");
    expect(decoded.headers["content-length"]).to.equal("66560");
    expect(decoded.headers["x-amz-checksum-crc32c"]).to.equal("sOO8/Q==");
    const changed = Buffer.from(trailing.body.toString("latin1").replace("sOO8/Q==", "sOO8/A=="), "latin1");
    expect(refused({ ...trailing, body: changed }).code).to.equal("SignatureDoesNotMatch");
  });
});

describe("sigv4: refusals", () => {
  it("anything signed that was changed", () => {
    const changes: Partial<RawRequest>[] = [
      { method: "PUT" },
      { target: "/other.txt" },
      { target: "/test.txt?acl" },
      { headers: { ...getObject.headers, range: "bytes=0-99" } },
    ];
    for (const change of changes)
      expect(refused({ ...getObject, ...change }).code, JSON.stringify(change)).to.equal(
        "SignatureDoesNotMatch",
      );
  });

  it("a body that is not the one hashed", () => {
    expect(refused({ ...getObject, body: Buffer.from("x") }).code).to.equal("XAmzContentSHA256Mismatch");
  });

  it("an x-amz- header that the signature does not cover", () => {
    const more = { ...getObject.headers, "x-amz-acl": "public-read" };
    const error = refused({ ...getObject, headers: more });
    expect([error.code, error.fields.HeadersNotSigned]).to.deep.equal(["AccessDenied", "x-amz-acl"]);
  });

  it("a clock more than 15 minutes away, either side", () => {
    for (const minutes of [-16, 16])
      expect(refused(getObject, new Date(s3Time.getTime() + minutes * 60_000)).code).to.equal(
        "RequestTimeTooSkewed",
      );
    expect(authenticate(getObject, lookup, new Date(s3Time.getTime() + 14 * 60_000)).caller).to.equal(caller);
  });

  it("an unknown key, in each protocol's words", () => {
    const sign = (service: string) =>
      request("POST", "/", {
        host: "x",
        "x-amz-date": "20130524T000000Z",
        "x-amz-content-sha256": empty,
        authorization: `AWS4-HMAC-SHA256 Credential=AKIANOBODY/20130524/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
      });
    expect(refused(sign("s3")).code).to.equal("InvalidAccessKeyId");
    expect(refused(sign("sts")).code).to.equal("InvalidClientTokenId");
    expect(refused(sign("kms")).code).to.equal("UnrecognizedClientException");
  });

  it("a temporary credential past its end, by a right signature only", () => {
    const keys: CredentialLookup = () => ({ secret, expires: s3Time, caller: () => caller });
    expect(refused(getObject, s3Time, keys).code).to.equal("ExpiredToken");
    const wrong: CredentialLookup = () => ({ secret: "wrong", expires: s3Time, caller: () => caller });
    expect(refused(getObject, s3Time, wrong).code).to.equal("SignatureDoesNotMatch");
  });

  it("a principal that is gone", () => {
    expect(refused(getObject, s3Time, () => ({ secret, caller: () => undefined })).code).to.equal(
      "InvalidAccessKeyId",
    );
  });

  it("malformed statements", () => {
    const bad = (value: string) =>
      refused({ ...getObject, headers: { ...getObject.headers, authorization: value } }).code;
    expect(bad("Basic abc")).to.equal("IncompleteSignature");
    expect(bad("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0")).to.equal(
      "IncompleteSignature",
    );
    expect(bad("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0")).to.equal("IncompleteSignature");
    expect(bad(authorization("x-amz-date", "0"))).to.equal("SignatureDoesNotMatch");
  });

  it("no signature: nobody is the caller", () => {
    expect(authenticate(request("GET", "/b/k", { host: "x" }), lookup, s3Time).caller).to.equal(undefined);
  });

  it("keys are derived step by step", () => {
    // The same derivation written out, as in the IAM User Guide.
    const expected = hmac(hmac(hmac(hmac("AWS4secret", "20260101"), "eu-west-1"), "kms"), "aws4_request");
    expect(signingKey("secret", "20260101", "eu-west-1", "kms").equals(expected)).to.equal(true);
  });
});
