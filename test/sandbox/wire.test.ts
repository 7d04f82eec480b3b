/** Encodings of the wire: checksums, chunk framing, XML, forms. It does not prove that AWS SDKs read them: see server.test.ts. */
import { expect } from "chai";
import fc from "fast-check";
import { AwsError } from "../../packages/sandbox/core";
import { checksum, checksumAlgorithms, verifyChecksums } from "../../packages/sandbox/protocol/checksum";
import { decodeChunks } from "../../packages/sandbox/pipeline/signature/chunked";
import { decodeStrict, encodeStrict, parseQuery } from "../../packages/sandbox/protocol/encoding";
import { QueryParameters, members, queryError, queryResponse } from "../../packages/sandbox/protocol/query";
import { bucketAndKey } from "../../packages/sandbox/protocol/s3";
import { parseXml, xmlDocument } from "../../packages/sandbox/protocol/xml";

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as AwsError).code;
  }
  return "none";
};

describe("wire: checksums", () => {
  it("has the check values of the CRC catalogue for 123456789", () => {
    const data = Buffer.from("123456789");
    const hex = (algorithm: (typeof checksumAlgorithms)[number]) =>
      Buffer.from(checksum(algorithm, data), "base64").toString("hex");
    expect(hex("crc32")).to.equal("cbf43926");
    expect(hex("crc32c")).to.equal("e3069283");
    expect(hex("crc64nvme")).to.equal("ae8b14860a799888");
    expect(hex("sha1")).to.equal("f7c3bc1d808e04732adf679965ccc34ca7ae3441");
    expect(hex("sha256")).to.equal("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
  });

  it("refuses a wrong, a malformed and a wrong MD5 checksum", () => {
    const body = Buffer.from("x");
    for (const algorithm of checksumAlgorithms) {
      verifyChecksums({ [`x-amz-checksum-${algorithm}`]: checksum(algorithm, body) }, body);
      const wrong = { [`x-amz-checksum-${algorithm}`]: checksum(algorithm, Buffer.from("y")) };
      expect(
        code(() => verifyChecksums(wrong, body)),
        algorithm,
      ).to.equal("BadDigest");
      expect(code(() => verifyChecksums({ [`x-amz-checksum-${algorithm}`]: "!" }, body))).to.equal(
        "InvalidRequest",
      );
    }
    expect(code(() => verifyChecksums({ "content-md5": "AAAA" }, body))).to.equal("InvalidDigest");
    expect(code(() => verifyChecksums({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, body))).to.equal(
      "BadDigest",
    );
    verifyChecksums({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, Buffer.alloc(0));
  });
});

describe("wire: aws-chunked", () => {
  const frame = (text: string) => decodeChunks(Buffer.from(text, "latin1"), undefined, true);

  it("joins chunks and reads trailers", () => {
    const decoded = frame("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Amz-Checksum-CRC32: q80=\r\n\r\n");
    expect(decoded.body.toString()).to.equal("abcde");
    expect(decoded.trailers).to.deep.equal({ "x-amz-checksum-crc32": "q80=" });
  });

  it("takes any bytes in any chunks", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 }), (parts) => {
        const framed = parts.flatMap((part) => [
          Buffer.from(`${part.length.toString(16)}\r\n`),
          part,
          Buffer.from("\r\n"),
        ]);
        const payload = Buffer.concat([...framed, Buffer.from("0\r\n\r\n")]);
        expect(decodeChunks(payload, undefined, false).body.equals(Buffer.concat(parts))).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses what is cut off or no framing", () => {
    for (const text of [
      "",
      "abc",
      "5\r\nabc\r\n0\r\n\r\n",
      "3\r\nabc\r\n",
      "zz\r\n",
      "-1\r\n\r\n",
      "3\r\nabcX\r\n0\r\n\r\n",
    ])
      expect(
        code(() => frame(text)),
        JSON.stringify(text),
      ).to.equal("IncompleteBody");
  });
});

describe("wire: encodings", () => {
  it("percent-encodes as RFC 3986, and back", () => {
    expect(encodeStrict("a b/ü*'()!~-_.")).to.equal("a%20b%2F%C3%BC%2A%27%28%29%21~-_.");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => decodeStrict(encodeStrict(text)) === text),
    );
    expect(code(() => decodeStrict("%zz"))).to.equal("InvalidURI");
  });

  it("reads queries with +, empty values and no values", () => {
    expect(parseQuery("a=1+2&b=&c&d=%2B%3D=")).to.deep.equal([
      ["a", "1 2"],
      ["b", ""],
      ["c", ""],
      ["d", "+=="],
    ]);
  });

  it("splits bucket and key", () => {
    expect(bucketAndKey("/b/a%2Fb/c%20d")).to.deep.equal({ bucket: "b", key: "a/b/c d" });
    expect(bucketAndKey("/b")).to.deep.equal({ bucket: "b", key: "" });
    expect(bucketAndKey("/")).to.deep.equal({ bucket: "", key: "" });
  });
});

describe("wire: XML", () => {
  it("writes elements, lists, empty lists and attributes, escaped", () => {
    const content = {
      Text: `<&>"`,
      Absent: undefined,
      Roles: members([{ Name: "a" }, { Name: "b" }]),
      None: members([]),
      Grantee: { "@xsi:type": "CanonicalUser", ID: 1 },
      Flag: false,
    };
    expect(xmlDocument("R", content, { xmlns: "urn:x" })).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?>\n<R xmlns="urn:x"><Text>&lt;&amp;&gt;&quot;</Text>' +
        "<Roles><member><Name>a</Name></member><member><Name>b</Name></member></Roles><None/>" +
        '<Grantee xsi:type="CanonicalUser"><ID>1</ID></Grantee><Flag>false</Flag></R>',
    );
  });

  it("reads what it writes, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }).filter((text) => text === text.trim() && text !== ""),
        async (text) => {
          const parsed = await parseXml(Buffer.from(xmlDocument("A", { B: text })), []);
          expect(parsed).to.deep.equal({ A: { B: text } });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("refuses entities and what is not well-formed", async () => {
    const refused = async (text: string) =>
      parseXml(Buffer.from(text)).then(
        () => "none",
        (error: AwsError) => error.code,
      );
    expect(await refused("<a><b></a>")).to.equal("MalformedXML");
    expect(await refused('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')).to.equal("MalformedXML");
    expect(await refused("")).to.equal("MalformedXML");
  });

  it("keeps text as text and lists as lists", async () => {
    const parsed = await parseXml(Buffer.from("<T xmlns='urn:x'><Tag><K>007</K></Tag></T>"), ["Tag"]);
    expect(parsed).to.deep.equal({ T: { Tag: [{ K: "007" }] } });
  });

  it("reads numbered characters, as Go writes quotes, and keeps the spaces of keys", async () => {
    const source =
      "<Part>\n <ETag>&#34;a&#x22;&amp;#34;</ETag>\n <Key> a&#32;&#252; </Key>\n <Days>\n 7 </Days>\n</Part>";
    expect(await parseXml(Buffer.from(source))).to.deep.equal({
      Part: { ETag: '"a"&#34;', Key: " a ü ", Days: "7" },
    });
  });
});

describe("wire: query protocol", () => {
  const parameters = (form: string) => new QueryParameters(new Map(parseQuery(form)));

  it("reads lists in the order of their indexes, and structures", () => {
    const read = parameters("L.member.10=c&L.member.2=b&L.member.1=a&T.member.1.Key=k&T.member.1.Value=&E=");
    expect(read.strings("L")).to.deep.equal(["a", "b", "c"]);
    expect(read.strings("E")).to.deep.equal([]);
    expect(read.strings("N")).to.equal(undefined);
    expect(read.structures("T")?.map((tag) => [tag.get("Key"), tag.get("Value")])).to.deep.equal([["k", ""]]);
    expect(code(() => read.required("RoleName"))).to.equal("ValidationError");
  });

  it("writes results, and leaves the result out where there is none", () => {
    expect(queryResponse("urn:x", "GetA", "id", { A: "1" }).body).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?>\n<GetAResponse xmlns="urn:x"><GetAResult><A>1</A></GetAResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetAResponse>',
    );
    expect(queryResponse("urn:x", "DeleteA", "id").body).not.to.contain("Result>");
    expect(queryError("urn:x", new AwsError("NoSuchEntity", "no <role>", 404), "id").body).to.contain(
      "<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no &lt;role&gt;</Message></Error>",
    );
  });
});
